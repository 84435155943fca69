;;; A service is a string or an integer, and t for servers.  -*- lexical-binding: t -*-

(each service (list nil 1.5 'foo '(1)) (make-network-process :name "s" :server t :service service) (make-network-process :name "c" :host "127.0.0.1" :service service))
