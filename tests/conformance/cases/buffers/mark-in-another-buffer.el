;;; A mark in another buffer comes back with its position.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") o (get-buffer-create "o"))
(with-current-buffer o (insert "other"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(set-marker (process-mark c) 3 o)
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5) (with-current-buffer b (buffer-string)) (with-current-buffer o (buffer-string)) (process-mark c))
