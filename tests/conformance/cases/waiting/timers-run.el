;;; Timers run during a wait, and with an integer JUST-THIS-ONE they do not.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p) ran nil)
(run-at-time 0 nil (lambda () (push 'plain ran)))
(call (accept-process-output c 0.1) ran)
(run-at-time 0 nil (lambda () (push 'just-this-one ran)))
(call (accept-process-output c 0.1 nil t) ran)
(run-at-time 0 nil (lambda () (push 'integer ran)))
(call (accept-process-output c 0.1 nil 1) ran (accept-process-output c 0.1) ran)
