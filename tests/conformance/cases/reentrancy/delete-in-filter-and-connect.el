;;; A filter may replace its process by another of the same name.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted) d nil)
(set-process-filter c (lambda (p string) (note "filter" string) (delete-process p) (setq d (client s)) (note "made" (process-name d))))
(process-send-string k "go")
(apart (until d) (until-accepted 2) (until-heard k "broken"))
