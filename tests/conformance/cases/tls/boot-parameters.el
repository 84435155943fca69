;;; The parameters of a session, in their order.  -*- lexical-binding: t -*-

(require 'gnutls)
(setq gnutls-trustfiles nil)
(call (gnutls-boot-parameters :type 'gnutls-x509pki :hostname "h") (gnutls-boot-parameters :type 'gnutls-anon :hostname "h") (gnutls-boot-parameters :hostname "h") (gnutls-boot-parameters :type 'foo))
