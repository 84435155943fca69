;;; A peer that speaks no TLS makes a client that does not wait fail.  -*- lexical-binding: t -*-

(setq p (peer 'listen))
(peer 'answer_later "this is no handshake\n")
(call (setq c (client p :nowait t :tls-parameters '(gnutls-x509pki :hostname "h"))))
(until (not (eq (process-status c) 'connect)))
(settle)
(call (process-status c) (process-exit-status c))
