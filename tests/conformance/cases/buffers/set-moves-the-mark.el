;;; Another buffer gets the mark at its end; the same one does not move it.  -*- lexical-binding: t -*-

(setq s (server) b (get-buffer-create "b") o (get-buffer-create "o"))
(with-current-buffer o (insert "123"))
(set-process-buffer s b)
(call (process-mark s) (set-process-buffer s o) (process-mark s))
(set-marker (process-mark s) 1 o)
(call (set-process-buffer s o) (process-mark s) (set-process-buffer s nil) (process-mark s) (set-process-buffer s b) (process-mark s))
