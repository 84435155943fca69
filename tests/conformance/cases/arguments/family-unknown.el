;;; A family that is neither known nor a small number is refused.  -*- lexical-binding: t -*-

(each family (list 'foo 'inet "ipv4" 2.0 (expt 2 40) '(ipv4)) (make-network-process :name "s" :server t :family family :service t))
