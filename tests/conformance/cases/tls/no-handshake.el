;;; In Emacs a peer that speaks no TLS gives an open process that sends in clear.  -*- lexical-binding: t -*-

(setq p (peer 'listen))
(peer 'answer_later "this is no handshake\n")
(call (setq c (client p :tls-parameters '(gnutls-x509pki :hostname "h"))) (process-status c) (gnutls-get-initstage c) (gnutls-peer-status c))
