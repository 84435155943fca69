;;; A server deleted by its own log function still gives that connection.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (s c string) (on-log s c string) (delete-process s))) c (client s))
(until-heard (until-accepted) "open from")
(call (process-status (car connections)) (process-status s))
