;;; It returns t when the process had output, and nil when it had none.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "data")
(call (accept-process-output c 5) (accept-process-output c 0))
