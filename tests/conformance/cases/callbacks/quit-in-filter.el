;;; Quitting in a filter is caught like an error.  -*- lexical-binding: t -*-

(setq p (peer 'listen) n 0 c (client p :filter (lambda (p string) (setq n (1+ n)) (when (= n 1) (signal 'quit nil)) (on-text p string))))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5) (process-status c))
(peer 'send "two")
(until-got c "two")
