;;; An error in a filter is told and the process goes on.  -*- lexical-binding: t -*-

(setq p (peer 'listen) n 0 c (client p :filter (lambda (p string) (setq n (1+ n)) (when (= n 1) (error "boom %s" string)) (on-text p string))))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5) (process-status c))
(peer 'send "two")
(until-got c "two")
