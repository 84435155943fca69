;;; A wrong coding of a client by host is signalled out of a wait.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore))
(setq c (call (client s :nowait t :coding 'nosuch)) told nil)
(while (and c (not told)) (condition-case e (progn (accept-process-output nil 0.05) (when (heard c "open") (setq told '(nothing)))) (error (setq told e))))
(call told)
(when c
  (until-heard c "open")
  (call (process-status c)))
