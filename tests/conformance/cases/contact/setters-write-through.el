;;; Setting filter, sentinel and buffer shows in the contact; the rest does not.  -*- lexical-binding: t -*-

(setq s (server :plist '(a 1)))
(set-process-filter s #'car) (set-process-sentinel s #'cdr) (set-process-buffer s (get-buffer-create "b"))
(set-process-plist s '(b 2)) (set-process-coding-system s 'latin-1 'latin-1) (set-process-query-on-exit-flag s nil) (stop-process s)
(call (process-contact s t))
(set-process-filter s nil) (set-process-sentinel s nil) (set-process-buffer s nil)
(call (process-contact s t))
