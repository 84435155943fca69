;;; An unknown service shows only later, as a name that is not known.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :nowait t :host "127.0.0.1" :service "nosuchservice" :sentinel #'on-event))
(until (eq (process-status c) 'failed))
(call (process-exit-status c))
