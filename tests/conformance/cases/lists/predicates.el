;;; What is a process.  -*- lexical-binding: t -*-

(setq s (server))
(call (processp s) (processp "s") (processp nil) (type-of s) (equal s s) (eq s (get-process "s")) (process-name "s"))
