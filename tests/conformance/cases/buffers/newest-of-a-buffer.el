;;; A buffer's process is the newest.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (server :sentinel #'ignore) c (client s :name "c" :buffer b :sentinel #'ignore) d (client s :name "d" :buffer b :sentinel #'ignore))
(call (get-buffer-process b) (get-buffer-process "b") (delete-process d) (get-buffer-process b) (delete-process c) (get-buffer-process b)
      (get-buffer-process "none") (get-buffer-process nil) (get-buffer-process 5))
