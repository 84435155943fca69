;;; Negative ports are services that nobody knows.  -*- lexical-binding: t -*-

(each service '(-1 "-1") (make-network-process :name "s" :server t :service service) (make-network-process :name "c" :host "127.0.0.1" :service service))
