;;; Markers at the place come before the text.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b) m (with-current-buffer b (copy-marker (point-max))))
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5) m)
