;;; Sockets of different types do not connect.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "stream")))
(call (make-network-process :name "c" :type 'seqpacket :family 'local :service (place "stream")))
(setq q (server :name "q" :type 'seqpacket :family 'local :service (place "packets")))
(call (make-network-process :name "c" :family 'local :service (place "packets")))
