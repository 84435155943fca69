;;; A certificate of another host is an error when it must be right.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")))
(call (client p :tls-parameters (list 'gnutls-x509pki :hostname "other.example" :trustfiles (list (place "cert.pem")) :verify-error t)) (process-list))
