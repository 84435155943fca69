;;; A process of no thread can be waited for by any.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "x")
(call (set-process-thread c nil) (process-thread c) (accept-process-output c 5))
