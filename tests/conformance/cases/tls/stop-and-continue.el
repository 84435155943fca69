;;; An encrypted client can be stopped and continued.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")) c (client p :tls-parameters (list 'gnutls-x509pki :hostname "localhost" :trustfiles (list (place "cert.pem")) :verify-error t)))
(call (stop-process c) (process-send-string c "waits\n") (process-status c))
(settle)
(call (continue-process c))
(until-got c "waits\n")
