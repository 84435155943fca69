;;; In Emacs text is inserted at the edge of the narrowing when the mark is outside.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (insert "0123456789"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(with-current-buffer b (narrow-to-region 3 7))
(peer 'accept) (peer 'send "AB")
(call (accept-process-output c 5) (with-current-buffer b (list (point-min) (point-max) (save-restriction (widen) (buffer-string)))) (process-mark c))
