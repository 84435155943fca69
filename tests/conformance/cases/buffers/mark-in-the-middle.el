;;; Text goes where the mark is.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (insert "headtail"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(set-marker (process-mark c) 5 b)
(peer 'accept) (peer 'send "ABC")
(call (accept-process-output c 5) (with-current-buffer b (buffer-string)) (process-mark c))
