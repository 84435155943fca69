;;; In batch mode an error in a filter ends Emacs.  -*- lexical-binding: t -*-
;; mode: batch

(setq p (peer 'listen) c (client p :filter (lambda (_p _string) (error "boom"))))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5))
