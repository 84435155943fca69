;;; What an encoder is shown as once it was set.  -*- lexical-binding: t -*-

(setq s (server))
(each encoder '(utf-8 utf-8-dos undecided binary raw-text nil latin-1 iso-2022-jp no-conversion us-ascii)
  (progn (set-process-coding-system s 'utf-8 encoder) (process-coding-system s)))
