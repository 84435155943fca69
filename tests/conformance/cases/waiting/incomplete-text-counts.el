;;; Bytes that are no text yet make it return t.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :coding 'utf-8-unix))
(peer 'accept)
(call (peer 'send (unibyte-string #xe4 #xb8)) (accept-process-output c 5) (got c) (peer 'send (unibyte-string #xad)) (accept-process-output c 5))
