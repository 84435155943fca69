;;; In Emacs a client with an address given as bytes is open and nowhere.  -*- lexical-binding: t -*-

(setq s (server) p (port s))
(call (setq c (client s :remote (cons 2 (vconcat (list (/ p 256) (% p 256) 127 0 0 1) (make-vector 8 0))))) (process-status c))
(settle)
(call (length connections))
