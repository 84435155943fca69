;;; Killing the buffer deletes the process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") c (client p :buffer b) kill-buffer-query-functions nil)
(peer 'accept)
(call (kill-buffer b) (state c) (process-buffer c) (peer 'receive_all))
