;;; The slots of a client that names only what it must.  -*- lexical-binding: t -*-

(setq s (server) c (make-network-process :name "c" :service (port s)))
(call (state c) (process-filter c) (process-sentinel c) (process-buffer c) (process-mark c) (process-plist c)
      (process-query-on-exit-flag c) (process-coding-system c) (process-type c) (process-id c) (process-tty-name c)
      (process-inherit-coding-system-flag c) (process-filter-multibyte-p c))
