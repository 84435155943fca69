;;; Parameters that are wrong are errors, and leave nothing.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore :server 20))
(each parameters '((foo) (nil) (5 :hostname "h") (gnutls-x509pki) (gnutls-x509pki :hostname 5) (gnutls-anon) (gnutls-x509pki :hostname) (gnutls-x509pki . 5)
                   (gnutls-x509pki :hostname "h" :trustfiles (5)) (gnutls-x509pki :hostname "h" :keylist ((5 5))) (gnutls-x509pki :hostname "h" :crlfiles (5)))
  (client s :tls-parameters parameters))
