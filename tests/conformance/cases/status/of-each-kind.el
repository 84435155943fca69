;;; Status, liveness and exit status of each kind of process.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(call (state s) (state c) (state k) (state (server :name "d" :type 'datagram)) (state (server :name "q" :type 'seqpacket :family 'local :service (place "q"))))
