;;; Every occurrence of an option is applied, so a wrong later one is an error.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :service t :priority 1 :priority "x") (process-list)
      (process-contact (make-network-process :name "s" :server t :service t :keepalive t :keepalive nil) :keepalive))
