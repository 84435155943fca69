;;; Properties of decoded text get into the buffer.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (generate-new-buffer "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b :coding 'latin-1-unix :sentinel #'on-event))
(peer 'accept) (peer 'send "caf\351\n")
(call (accept-process-output c 5) (with-current-buffer b (buffer-string)) (process-coding-system c))
