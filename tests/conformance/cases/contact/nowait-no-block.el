;;; Asked not to block, a client that has no socket yet tells nothing.  -*- lexical-binding: t -*-

(setq s (server) c (client s :nowait t))
(call (process-contact c t t) (process-contact c :host t) (process-contact c :name t) (process-contact c nil t))
(apart (until-heard c "open") (until-accepted))
(call (process-contact c :host t))
