;;; Killing a buffer asks when its process is flagged.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (server :buffer b) asked nil)
(cl-letf (((symbol-function 'yes-or-no-p) (lambda (prompt) (push prompt asked) nil)))
  (call (kill-buffer b) asked (set-process-query-on-exit-flag s nil) (kill-buffer b) (length asked) (process-status s)))
