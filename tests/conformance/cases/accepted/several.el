;;; Each pending connection is accepted.  -*- lexical-binding: t -*-

(setq s (server))
(dotimes (i 3) (client s :name (format "c%d" i)))
(apart (until-accepted 3) (until (cl-every (lambda (k) (heard k "open")) connections)))
(call (length connections))
