;;; The contact of an accepted local connection has the host t and an empty peer.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")) c (client s) k (until-accepted))
(call (process-contact k t) (process-contact k) (process-contact k :remote) (process-contact c t) (process-contact c))
