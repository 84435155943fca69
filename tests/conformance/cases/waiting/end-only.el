;;; The end alone makes it return nil.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'close)
(call (accept-process-output c 5) (process-status c))
