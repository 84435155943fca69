;;; The log function is given server, connection and what happened.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (&rest arguments) (note "log" arguments) (push (cadr arguments) connections)) :sentinel #'ignore) c (client s))
(until connections)
(call (process-type (car connections)) (eq s (get-process "s")))
