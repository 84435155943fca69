;;; Output that a nested wait consumed counts for the outer one.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(run-at-time 0 nil (lambda () (peer 'send "data") (note "inner" (accept-process-output c 5))))
(call (accept-process-output c 5))
