;;; Emacs returns the list itself.  -*- lexical-binding: t -*-

(setq s (server))
(call (eq (process-contact s t) (process-contact s t)) (progn (plist-put (process-contact s t) :added 1) (process-contact s :added)))
