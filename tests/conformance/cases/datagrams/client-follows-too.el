;;; In Emacs a client is given datagrams of anybody, and then talks to that sender.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram) a (peer 'datagram))
(process-send-string c "x")
(until-got s "x")
(peer 'send_to (aref (process-datagram-address s) 4) "intruder")
(until-got c "intruder")
(call (equal (process-datagram-address c) (vector 127 0 0 1 a)))
