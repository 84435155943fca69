;;; The default sentinel writes that the process was deleted.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (make-network-process :name "s" :server t :service t :buffer b))
(with-current-buffer b (insert "text") (goto-char 3))
(set-marker (process-mark s) 3 b)
(call (delete-process s) (with-current-buffer b (list (buffer-string) (point))))
