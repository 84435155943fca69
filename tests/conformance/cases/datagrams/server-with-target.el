;;; A server given a remote address sends there.  -*- lexical-binding: t -*-

(setq a (peer 'datagram) s (server :type 'datagram :remote (vector 127 0 0 1 a)))
(call (process-send-string s "first"))
(call (car (peer 'receive_from)))
