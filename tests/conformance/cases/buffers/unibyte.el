;;; A unibyte buffer holds the bytes.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (set-buffer-multibyte nil))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(peer 'accept) (peer 'send "hé")
(call (process-coding-system c) (process-filter-multibyte-p c) (accept-process-output c 5) (with-current-buffer b (buffer-string)))
