;;; A local socket from outside is adopted.  -*- lexical-binding: t -*-
;; listen: local

(call internal--daemon-sockname)
(setq s (make-network-process :name "s" :server t :family 'local :service (place "external") :use-external-socket t :log #'on-log :sentinel #'on-event :filter #'on-text))
(call (process-status s))
(setq c (make-network-process :name "c" :family 'local :service (place "external")))
(process-send-string c "outside")
(until-got (until-accepted) "outside")
