;;; The slots of a server that names only what it must.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :service t))
(call (state s) (process-filter s) (process-sentinel s) (process-buffer s) (process-mark s) (process-plist s)
      (process-query-on-exit-flag s) (process-coding-system s) (process-type s) (process-id s) (process-tty-name s)
      (process-inherit-coding-system-flag s) (process-filter-multibyte-p s) (processp s) (type-of s))
