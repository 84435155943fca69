;;; A wrong coding of a client by host is signalled out of a wait.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore))
(call (setq c (client s :nowait t :coding 'nosuch)))
(setq told nil)
(while (not told) (condition-case e (progn (accept-process-output nil 0.05) (when (heard c "open") (setq told '(nothing)))) (error (setq told e))))
(call told)
(until-heard c "open")
(call (process-status c))
