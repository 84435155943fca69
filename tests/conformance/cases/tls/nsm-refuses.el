;;; The Network Security Manager ends a connection that it does not trust.  -*- lexical-binding: t -*-
;; mode: batch

(require 'nsm)
(setq network-security-level 'high nsm-settings-file (place "nsm") p (peer 'tls_server (place "")))
(call (setq c (client p :tls-parameters (list 'gnutls-x509pki :hostname "localhost"))) (state c))
