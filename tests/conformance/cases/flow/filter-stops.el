;;; A filter may stop its process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (p string) (on-text p string) (stop-process p))))
(peer 'accept) (peer 'send "one")
(until-got c "one")
(peer 'send "two")
(settle)
(call (state c) (continue-process c))
(until-got c "two")
