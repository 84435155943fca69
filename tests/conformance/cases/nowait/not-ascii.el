;;; A host of other characters shows only later.  -*- lexical-binding: t -*-

(setq c (call (make-network-process :name "c" :nowait t :host "höst" :service 1 :sentinel #'on-event)))
(when c
  (until (eq (process-status c) 'failed))
  (call (process-exit-status c)))
