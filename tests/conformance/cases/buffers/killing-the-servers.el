;;; Killing the buffer of a server deletes the server.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (server :buffer b) kill-buffer-query-functions nil)
(call (kill-buffer b) (state s))
