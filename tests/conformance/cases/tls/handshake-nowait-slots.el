;;; The session of an encrypted client that does not wait begins later.  -*- lexical-binding: t -*-

;; By address: Emacs may hang when it gives up a lookup.
(setq p (peer 'tls_server (place "")))
(call (setq c (client p :nowait t :remote (vector 127 0 0 1 p) :tls-parameters (list 'gnutls-x509pki :hostname "localhost" :trustfiles (list (place "cert.pem")) :verify-error t)))
      (process-status c) (gnutls-get-initstage c) (gnutls-peer-status c) (delete-process c) (process-status c))
