;;; Of two mistakes the earlier check tells.  -*- lexical-binding: t -*-

(each keys '((:type foo :name 5) (:server t :nowait t :name 5) (:name 5 :remote 5) (:name "c" :remote 5 :family foo)
             (:name "c" :family foo :host 5) (:name "c" :host 5 :service foo) (:name "c" :host "a b" :service nil)
             (:name "s" :server t :host "a b" :service 0 :buffer 5) (:name "s" :server t :service t :buffer 5 :plist 5)
             (:name "s" :server t :service t :plist 5 :tls-parameters 5) (:name "s" :server t :service t :tls-parameters 5 :priority "x")
             (:name "s" :server t :service t :priority "x" :coding 5))
  (apply #'make-network-process keys))
