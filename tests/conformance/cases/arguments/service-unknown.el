;;; A service that nobody knows is an error that shows host and service.  -*- lexical-binding: t -*-

(each service '("nosuchservice" "0x10" "ftp2x")
  (make-network-process :name "s" :server t :host "127.0.0.1" :service service)
  (make-network-process :name "c" :host "127.0.0.1" :service service))
