;;; A filter that is no function is an error in the filter.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter 5))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5) (process-status c))
