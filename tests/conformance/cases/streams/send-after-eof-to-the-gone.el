;;; After its end was sent, text for a peer that has gone goes nowhere, without an error.  -*- lexical-binding: t -*-

(dolist (keys (list (list :family 'local :service (place "s")) '(:host "127.0.0.1")))
  (setq connections nil)
  (setq s (apply #'server keys) c (client s) k (until-accepted))
  (until-heard k "open")
  (call (eq k (process-send-eof k)))
  (delete-process c)
  (call (process-send-string k "one") (process-send-string k "two") (eq k (process-send-eof k)) (state k))
  (until-heard k "broken")
  (call (process-send-string k "three")))
