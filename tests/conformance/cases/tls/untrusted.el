;;; A certificate that nobody vouches for is an error when it must be valid.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")))
(call (client p :tls-parameters '(gnutls-x509pki :hostname "localhost" :verify-error t)) (process-list))
