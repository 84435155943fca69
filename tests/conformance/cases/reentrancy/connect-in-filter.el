;;; A filter may make a new client.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(set-process-filter c (lambda (_p string) (note "filter" string) (setq d (client s :name "d")) (note "made" d (process-status d))))
(process-send-string k "go")
(until-accepted 2)
