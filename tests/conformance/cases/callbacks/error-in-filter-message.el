;;; What is said about an error in a filter.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (_p string) (error "boom %s" string))))
(peer 'accept) (peer 'send "one")
(call (accept-process-output c 5))
(call (with-current-buffer (messages-buffer) (save-excursion (goto-char (point-min)) (and (search-forward "error in process filter: boom one" nil t) t))))
