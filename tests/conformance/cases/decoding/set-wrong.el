;;; A wrong coding changes nothing.  -*- lexical-binding: t -*-

(setq s (server :coding 'undecided))
(call (set-process-coding-system s 'nosuch 'utf-8) (set-process-coding-system s 'utf-8 'nosuch) (set-process-coding-system s "utf-8" nil) (set-process-coding-system "s" 'utf-8) (process-coding-system s))
