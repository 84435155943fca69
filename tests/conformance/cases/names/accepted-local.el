;;; An accepted local connection is named by server and a counter.  -*- lexical-binding: t -*-

(setq s (server :name "web" :family 'local :service (place "s")))
(client s)
(setq k (until-accepted))
(call (and (string-match-p "\\`web <[0-9]+>\\'" (process-name k)) t) (process-contact k :host))
