;;; The setters of slots want processes, buffers and lists.  -*- lexical-binding: t -*-

(setq s (server))
(call (set-process-filter "s" nil) (set-process-sentinel nil nil) (set-process-buffer s "b") (set-process-buffer "s" nil)
      (set-process-plist s 5) (set-process-plist s "ab") (set-process-plist 5 nil) (set-process-query-on-exit-flag "s" nil)
      (process-filter 5) (process-sentinel 5) (process-buffer 5) (process-mark 5) (process-plist 5) (process-name 5)
      (process-query-on-exit-flag 5) (process-coding-system 5) (process-command 5) (process-id 5) (process-exit-status "s"))
