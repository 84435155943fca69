;;; An error in a log function leaves the wait; the connection works and hears no opening.  -*- lexical-binding: t -*-

(setq s (server :log (lambda (_s c _string) (push c connections) (error "boom"))) c (client s))
(call (accept-process-output nil 5))
(setq k (car connections))
(call (process-status k))
(process-send-string c "data")
(until-got k "data")
