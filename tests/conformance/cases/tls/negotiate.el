;;; A plain connection can be encrypted later.  -*- lexical-binding: t -*-

(require 'gnutls)
(setq p (peer 'tls_server (place "")) c (client p))
(call (gnutls-get-initstage c) (process-status (gnutls-negotiate :process c :hostname "localhost" :trustfiles (list (place "cert.pem")) :verify-error t)) (gnutls-get-initstage c))
(process-send-string c "later\n")
(until-got c "later\n")
