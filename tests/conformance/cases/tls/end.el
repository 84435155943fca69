;;; The end of an encrypted connection is that of any other.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")) c (client p :tls-parameters (list 'gnutls-x509pki :hostname "localhost" :trustfiles (list (place "cert.pem")) :verify-error t)))
(process-send-string c "end\n")
(until-heard c "broken")
(call (state c) (gnutls-peer-status c))
