;;; A server that has heard nobody cannot send.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(call (process-datagram-address s) (process-send-string s "x") (process-status s))
