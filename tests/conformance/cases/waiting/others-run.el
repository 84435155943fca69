;;; While one process is waited for, others are served.  -*- lexical-binding: t -*-

(setq s (server) a (client s :name "a") b (client s :name "b"))
(until-accepted 2)
(setq ka (cl-find (aref (process-contact a :local) 4) connections :key (lambda (k) (process-contact k :service)))
      kb (cl-find (aref (process-contact b :local) 4) connections :key (lambda (k) (process-contact k :service))))
(set-process-filter b (lambda (p string) (on-text p string) (process-send-string ka "after")))
(process-send-string kb "first")
(call (accept-process-output a 5))
