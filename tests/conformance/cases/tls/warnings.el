;;; Without verification faults are told by the status of the peer alone.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")))
(call (setq c (client p :tls-parameters '(gnutls-x509pki :hostname "other.example"))) (process-status c) (plist-get (gnutls-peer-status c) :warnings))
