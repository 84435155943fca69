;;; An address of an unknown family is shown as its number and bytes.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(call (process-datagram-address s) (format-network-address (process-datagram-address s)))
