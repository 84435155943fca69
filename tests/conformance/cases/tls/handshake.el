;;; A client that is encrypted hears open while it is made, and talks.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")))
(call (setq c (client p :tls-parameters (list 'gnutls-x509pki :hostname "localhost" :trustfiles (list (place "cert.pem")) :verify-error t)))
      (process-status c) (gnutls-get-initstage c) (plist-get (gnutls-peer-status c) :warnings) (plist-get (gnutls-peer-status c) :protocol))
(process-send-string c "hello\n")
(until-got c "hello\n")
(call (delete-process c) (gnutls-peer-status c))
