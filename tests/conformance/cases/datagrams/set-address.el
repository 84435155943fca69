;;; An address that is set is returned, and is where text goes.  -*- lexical-binding: t -*-

(setq a (peer 'datagram) s (server :type 'datagram))
(call (equal (set-process-datagram-address s (vector 127 0 0 1 a)) (vector 127 0 0 1 a)) (equal (process-datagram-address s) (vector 127 0 0 1 a)) (process-send-string s "set") (car (peer 'receive_from)))
