;;; A peer of an abstract name is shown with its NUL.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")) name (format "\0conformance-peer-%d" (emacs-pid)))
(peer 'connect_local (place "s") name)
(setq k (until-accepted))
(call (equal (process-contact k :remote) name) (multibyte-string-p (process-contact k :remote)))
