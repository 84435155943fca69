;;; A process is printed by its name in every state.  -*- lexical-binding: t -*-

(setq s (server))
(call (format "%s %S" s s))
(delete-process s)
(call (format "%s %S" s s) (equal s s) (type-of s))
