;;; Connections are named by the server's own unique name.  -*- lexical-binding: t -*-

(server :name "n")
(setq s (server :name "n"))
(client s)
(setq k (until-accepted))
(call (replace-regexp-in-string "[0-9]\\{5\\}" "PORT" (process-name k)) (process-contact k :name))
