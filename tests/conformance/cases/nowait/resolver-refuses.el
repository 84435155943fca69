;;; What the resolver refuses shows only later, when nobody waits for it.  -*- lexical-binding: t -*-

(dolist (keys '((:family 12345 :service 80) (:family -1 :service 80) (:family ipv4 :host "::1" :service 80)
                (:service -1) (:service "-1") (:service "0x10") (:host "a b" :service "nosuchservice")))
  (setq c (apply #'make-network-process :name "c" :nowait t :sentinel #'ignore keys))
  (note "keys" keys)
  (until (eq (process-status c) 'failed))
  (call (process-exit-status c) (delete-process c)))
