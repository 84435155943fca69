;;; In the log function the connection is open and listed.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (s c string) (note "log" s c string (process-status c) (and (memq c (process-list)) t) (process-contact c :server) (process-sentinel c)) (push c connections)))
      c (client s))
(until-heard (until-accepted) "open")
