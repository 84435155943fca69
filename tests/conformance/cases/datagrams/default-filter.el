;;; Text goes into the server's own buffer.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (make-network-process :name "s" :type 'datagram :server t :host "127.0.0.1" :service t :buffer b) c (client s :type 'datagram))
(process-send-string c "text")
(until (with-current-buffer b (equal (buffer-string) "text")))
