;;; A process to delete may be named, be that of a buffer, or of the current one.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (server))
(client s :name "n") (client s :name "x" :buffer b) (client s :name "y" :buffer b)
(call (delete-process "n") (delete-process b) (delete-process "b") (delete-process "b") (delete-process "none")
      (delete-process 'foo) (delete-process 5) (with-temp-buffer (rename-buffer "t") (delete-process nil))
      (let ((dead (get-buffer-create "dead"))) (kill-buffer dead) (delete-process dead)))
