;;; A log function may make another server and connect to it.  -*- lexical-binding: t -*-

(setq t2 nil s (server :log (lambda (s c string) (on-log s c string) (unless t2 (setq t2 (server :name "t")) (client t2 :name "u")))))
(client s)
(until-accepted 2)
