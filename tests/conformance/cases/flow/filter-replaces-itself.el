;;; A filter may replace itself for what comes next.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (p string) (note "first" string) (set-process-filter p #'on-text) (process-put p 'seen t))))
(peer 'accept) (peer 'send "one")
(until (process-get c 'seen))
(peer 'send "two")
(until-got c "two")
