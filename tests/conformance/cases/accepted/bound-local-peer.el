;;; The peer of a local connection is shown by its path when it has one.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")))
(peer 'connect_local (place "s") (place "bound"))
(setq k (until-accepted))
(call (process-contact k :remote))
