;;; A plain process has no session.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (gnutls-peer-status c) (gnutls-get-initstage c) (gnutls-peer-status "c") (gnutls-get-initstage 5) (gnutls-peer-status nil))
