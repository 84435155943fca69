;;; With the default filter, each connection gets a buffer named by the server.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :sentinel #'on-event :log #'on-log)
      c (client s) k (until-accepted))
(until-heard k "open")
(call (process-buffer k) (equal (buffer-name (process-buffer k)) (process-name k)) (process-mark k))
(process-send-string c "text")
(until (with-current-buffer (process-buffer k) (equal (buffer-string) "text")))
(call (process-mark k))
