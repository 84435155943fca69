;;; The mark starts at the end of the buffer, and text goes there.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b"))
(with-current-buffer b (insert "there: "))
(setq p (peer 'listen) c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(peer 'accept)
(call (process-mark c) (peer 'send "abc") (accept-process-output c 5) (with-current-buffer b (list (buffer-string) (point) (buffer-modified-p))) (process-mark c) (marker-insertion-type (process-mark c)))
