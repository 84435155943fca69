;;; A client can be cloned from its contact.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore) c (client s :plist '(a 1)))
(process-put c 'b 2)
(call (setq d (clone-process c)) (process-contact d t) (process-plist d) (process-name (clone-process c "other")))
