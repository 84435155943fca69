;;; An unknown host or service is told before a wrong option, and before a key that is no symbol.  -*- lexical-binding: t -*-

(each wrong '((:priority "x") (:bindtodevice 5) (:keepalive t "x" t) (5 5))
  (apply #'make-network-process :name "c" :host "127.0.0.1" :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :host "a b" :service 1 wrong)
  (apply #'make-network-process :name "s" :server t :host "::1" :family 'ipv4 :service t wrong)
  (apply #'make-network-process :name "s" :server t :service "0x10" wrong)
  (apply #'make-network-process :name "s" :server t :service t wrong))
