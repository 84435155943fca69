;;; A throw leaves the wait.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (_p string) (throw 'out (list 'thrown string)))))
(peer 'accept) (peer 'send "one")
(call (catch 'out (accept-process-output c 5) 'returned) (process-status c))
