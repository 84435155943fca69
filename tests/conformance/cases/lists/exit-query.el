;;; Leaving asks when a flagged process is alive.  -*- lexical-binding: t -*-

(setq s (server) asked nil)
(cl-letf (((symbol-function 'yes-or-no-p) (lambda (prompt) (push prompt asked) nil)))
  (let ((kill-emacs-query-functions nil) (confirm-kill-processes t)) (save-buffers-kill-emacs t)))
(call asked)
