;;; A literal address of the other family is an error of its own.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :host "::1" :family 'ipv4 :service t)
      (make-network-process :name "s" :server t :host "127.0.0.1" :family 'ipv6 :service t))
