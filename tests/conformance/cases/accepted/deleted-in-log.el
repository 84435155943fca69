;;; A connection deleted by the log function hears deleted, and in Emacs still that it is open.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (s c string) (on-log s c string) (delete-process c))) c (client s))
(until-heard (until-accepted) "deleted")
(until-heard c "broken")
(settle)
