;;; The contact keeps the name as given.  -*- lexical-binding: t -*-

(server :name "n")
(call (setq s (server :name "n")) (process-name s) (process-contact s :name))
