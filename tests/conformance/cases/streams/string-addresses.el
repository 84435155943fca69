;;; A string is the address of a local socket.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :local (place "s") :log #'on-log :sentinel #'on-event :filter #'on-text))
(setq c (make-network-process :name "c" :remote (place "s") :sentinel #'on-event))
(call (process-contact s t) (process-contact c t))
(process-send-string c "hello")
(until-got (until-accepted) "hello")
