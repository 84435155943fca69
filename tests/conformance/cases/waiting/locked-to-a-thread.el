;;; A process of another thread cannot be waited for.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(set-process-thread c (make-thread (lambda () (sleep-for 0.3)) "other"))
(call (accept-process-output c 0.1))
