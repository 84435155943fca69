;;; Whether there is a buffer is decided when a connection is accepted.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :log #'on-log :sentinel #'on-event))
(set-process-filter s #'on-text)
(setq c (client s) k (until-accepted))
(call (process-buffer k))
(set-process-filter s nil)
(setq d (client s :name "d"))
(until-accepted 2)
(call (bufferp (process-buffer (car connections))))
