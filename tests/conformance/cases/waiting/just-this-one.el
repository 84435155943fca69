;;; With JUST-THIS-ONE others are not served.  -*- lexical-binding: t -*-

(setq s (server) a (client s :name "a") b (client s :name "b"))
(until-accepted 2)
(dolist (k connections) (process-send-string k "text"))
(call (accept-process-output a 5 nil t) (got b))
(until-got b "text")
