;;; Datagram servers accept nobody and log nothing.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram))
(process-send-string c "x")
(until-got s "x")
(settle)
(call connections (mapcar #'process-name (cl-remove-if (lambda (p) (string-prefix-p " " (process-name p))) (process-list))))
