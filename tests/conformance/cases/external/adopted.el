;;; The first server that asks is given the socket from outside.  -*- lexical-binding: t -*-
;; listen: tcp

(call (vectorp internal--daemon-sockname))
(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :use-external-socket t :log #'on-log :sentinel #'on-event :filter #'on-text))
(call (equal (port s) (aref internal--daemon-sockname 4)) (process-status s))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service (aref internal--daemon-sockname 4)))
(process-send-string c "outside")
(until-got (until-accepted) "outside")
