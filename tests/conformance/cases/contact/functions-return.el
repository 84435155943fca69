;;; What the setters of slots return.  -*- lexical-binding: t -*-

(setq s (server))
(call (set-process-filter s #'car) (set-process-filter s nil) (set-process-sentinel s #'car) (set-process-sentinel s nil)
      (set-process-buffer s (get-buffer-create "b")) (set-process-buffer s nil) (set-process-plist s '(a 1))
      (set-process-query-on-exit-flag s 5) (process-query-on-exit-flag s) (set-process-coding-system s 'utf-8 'utf-8)
      (set-process-inherit-coding-system-flag s t))
