;;; Of two faults of a certificate the chain is told first.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")))
(call (client p :tls-parameters '(gnutls-x509pki :hostname "other.example" :verify-error t)))
