;;; An error in a sentinel is told, and the process is deleted all the same.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :sentinel (lambda (_p _string) (error "boom"))))
(call (delete-process c) (state c))
(call (with-current-buffer (messages-buffer) (save-excursion (goto-char (point-min)) (and (search-forward "error in process sentinel: boom" nil t) t))))
