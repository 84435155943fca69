;;; A filter of too few arguments is an error in the filter.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (_p) nil)))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5) (process-status c))
