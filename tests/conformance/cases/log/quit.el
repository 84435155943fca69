;;; Quitting in a log function leaves the wait.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (_s _c _string) (signal 'quit nil))) c (client s))
(call (accept-process-output nil 5))
