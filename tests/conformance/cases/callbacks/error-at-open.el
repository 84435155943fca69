;;; An error in the sentinel of an accepted connection leaves it working.  -*- lexical-binding: t -*-

(setq s (server :sentinel (lambda (p string) (push p connections) (error "boom %s" string))) c (client s))
(until connections)
(process-send-string c "data")
(until-got (car connections) "data")
