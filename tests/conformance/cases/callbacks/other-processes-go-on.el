;;; An error in one filter does not keep another process from its data.  -*- lexical-binding: t -*-

(setq s (server) a (client s :name "a" :filter (lambda (_p _string) (error "boom"))) b (client s :name "b"))
(until-accepted 2)
(dolist (k connections) (process-send-string k "text"))
(until-got b "text")
