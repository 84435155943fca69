;;; One counter serves the connections of all servers.  -*- lexical-binding: t -*-

(setq a (server :name "a" :family 'local :service (place "a")) b (server :name "b" :family 'local :service (place "b")))
(defun number-of (process) (string-to-number (replace-regexp-in-string "\\`[ab] <" "" (process-name process))))
(client a) (setq one (number-of (until-accepted 1)))
(client b) (setq two (number-of (until-accepted 2)))
(call (- two one))
(client (server :name "ip")) (until-accepted 3)
(client a) (setq three (number-of (until-accepted 4)))
(call (- three two))
