;;; Variables supply priority and verification.  -*- lexical-binding: t -*-

(require 'gnutls)
(let ((gnutls-algorithm-priority "normal:-vers-tls1.0") (gnutls-verify-error t)) (call (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h" :trustfiles '("/t"))))
(let ((gnutls-verify-error '(("host" :trustfiles) (".*" :hostname)))) (call (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "host" :trustfiles '("/t")) (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "other" :trustfiles '("/t"))))
