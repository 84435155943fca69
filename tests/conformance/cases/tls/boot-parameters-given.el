;;; What is given replaces what is found.  -*- lexical-binding: t -*-

(require 'gnutls)
(call (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h" :priority-string "NORMAL" :trustfiles '("/t") :crlfiles '("/c") :keylist '(("/k" "/k")) :min-prime-bits 512 :verify-flags '(1) :verify-error t)
      (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h" :trustfiles '("/t") :verify-hostname-error t)
      (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h" :trustfiles '("/t") :verify-error '(:trustfiles) :verify-hostname-error t)
      (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h" :trustfiles '("/t") :unknown 1))
