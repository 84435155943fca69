;;; The buffer of a connection stays when the connection ends.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :log #'pair-log)
      c (client s))
(until (process-get s 'connection))
(setq k (process-get s 'connection) b (process-buffer k))
(process-send-string c "text")
(until (with-current-buffer b (equal (buffer-string) "text")))
(delete-process c)
(until (not (process-live-p k)))
(until (with-current-buffer b (string-match-p "broken" (buffer-string))))
(call (buffer-live-p b) (process-buffer k) (with-current-buffer b (buffer-string)))
