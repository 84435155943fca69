;;; Narrowing is kept, and grows with text at its end.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b"))
(with-current-buffer b (insert "0123456789"))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(set-marker (process-mark c) 5 b)
(with-current-buffer b (narrow-to-region 3 7))
(peer 'accept) (peer 'send "AB")
(call (accept-process-output c 5) (with-current-buffer b (list (buffer-string) (point-min) (point-max) (save-restriction (widen) (buffer-string)))))
(with-current-buffer b (set-marker (process-mark c) (point-max)))
(peer 'send "CD")
(call (accept-process-output c 5) (with-current-buffer b (list (buffer-string) (point-min) (point-max))))
