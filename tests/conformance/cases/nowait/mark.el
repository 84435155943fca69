;;; The mark points nowhere until there is a socket, and then to the end of the buffer.  -*- lexical-binding: t -*-

(setq p (peer 'listen))
(setq free (let* ((s (server)) (port (port s))) (delete-process s) port))
(with-current-buffer (get-buffer-create "log") (insert "before\n"))
(defun try (&rest keys)
  "Record the mark of a process made with KEYS, at once and when it is as far as it gets."
  (let ((c (apply #'make-network-process :name "c" :nowait t :buffer "log" :sentinel #'ignore keys)))
    (note "made" (process-mark c))
    (with-current-buffer "log" (goto-char (point-max)) (insert "more\n"))
    (until (not (eq (process-status c) 'connect)))
    (note "later" (process-status c) (process-mark c))
    (delete-process c)))
(try :host "127.0.0.1" :service p)
(try :host "127.0.0.1" :service free)
(try :host "127.0.0.1" :service "nosuchservice")
(try :remote (vector 127 0 0 1 p))
