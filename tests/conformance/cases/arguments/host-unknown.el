;;; A host that nobody knows is an error that shows host and service.  -*- lexical-binding: t -*-

(each host '("" "a b" "[::1]" "127.0.0.1\n")
  (make-network-process :name "s" :server t :host host :service t)
  (make-network-process :name "c" :host host :service 1))
