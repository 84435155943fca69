;;; A throw from a log function leaves the wait.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (_s _c string) (throw 'out string))) c (client s))
(call (catch 'out (accept-process-output nil 5) 'returned))
