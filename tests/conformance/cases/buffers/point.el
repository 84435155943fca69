;;; Point moves along when it stood at or after the place, else it stays.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (insert "12345"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(peer 'accept)
(with-current-buffer b
  (call (goto-char 1) (peer 'send "a") (accept-process-output c 5) (point) (goto-char (point-max)) (peer 'send "b") (accept-process-output c 5) (point)
        (goto-char 3) (peer 'send "c") (accept-process-output c 5) (point) (buffer-string)))
