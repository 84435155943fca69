;;; An empty host shows only later.  -*- lexical-binding: t -*-

(setq c (call (make-network-process :name "c" :nowait t :host "" :service 1 :sentinel #'ignore)))
(until (eq (process-status c) 'failed))
(call (process-exit-status c))
