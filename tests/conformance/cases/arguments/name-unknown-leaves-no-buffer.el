;;; A buffer is not made for a process whose host or service is not known.  -*- lexical-binding: t -*-

(each keys '((:service "nosuchservice") (:host local :service "nosuchservice") (:host "127.0.0.1" :service "nosuchservice")
             (:family ipv6 :service "nosuchservice") (:host "a b" :service 1))
  (apply #'make-network-process :name "c" :buffer "unmade" keys)
  (get-buffer "unmade"))
