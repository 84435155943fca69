;;; In Emacs a datagram is cut at read-process-output-max.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :filter (lambda (p string) (note "length" (length string)) (on-text p (substring string -1)))) c (client s :type 'datagram))
(process-send-string c (concat (make-string 4999 ?x) "y"))
(until (not (equal (got s) "")))
