;;; A buffer that is read-only is written all the same.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(with-current-buffer b (setq buffer-read-only t))
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5) (with-current-buffer b (list (buffer-string) buffer-read-only)))
(peer 'close)
(until (with-current-buffer b (string-match-p "broken" (buffer-string))))
(call (with-current-buffer b (list (buffer-string) buffer-read-only)))
