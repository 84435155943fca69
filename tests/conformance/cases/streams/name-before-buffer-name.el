;;; A process name wins over a buffer name.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "both") s (server :name "other" :buffer b) u (server :name "both"))
(call (process-status "both") (delete-process "both") (process-status s) (delete-process "both") (process-status s))
