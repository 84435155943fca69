;;; Text goes to the end when the mark is nowhere.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (insert "zzz"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(set-marker (process-mark c) nil)
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5) (with-current-buffer b (buffer-string)) (process-mark c))
