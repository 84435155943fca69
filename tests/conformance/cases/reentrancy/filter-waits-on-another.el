;;; A filter may wait for the output of another process.  -*- lexical-binding: t -*-

(setq s (server) a (client s :name "a") b (client s :name "b"))
(until-accepted 2)
(defun other-end (c) (cl-find (aref (process-contact c :local) 4) connections :key (lambda (k) (process-contact k :service))))
(set-process-filter a (lambda (p string) (note "enter" string) (process-send-string (other-end b) "inner") (note "wait" (accept-process-output b 5)) (note "leave") (process-put p 'done t)))
(process-send-string (other-end a) "outer")
(until (process-get a 'done))
