;;; Priorities and files that cannot be used give a process that has failed.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore :server 20))
(each parameters '((gnutls-x509pki :hostname "h" :priority "BOGUS") (gnutls-x509pki :hostname "h" :trustfiles ("/nonexistent")) (gnutls-x509pki :hostname "h" :keylist (("/no" "/no"))))
  (let ((c (client s :tls-parameters parameters))) (list (process-status c) (process-exit-status c))))
