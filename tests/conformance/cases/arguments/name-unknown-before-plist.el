;;; An unknown host or service is told before a wrong buffer, property list or TLS parameters.  -*- lexical-binding: t -*-

(each wrong '((:plist 5) (:tls-parameters 5) (:buffer 5))
  (apply #'make-network-process :name "c" :host "127.0.0.1" :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :service -1 wrong)
  (apply #'make-network-process :name "c" :host "::1" :service "0x10" wrong)
  (apply #'make-network-process :name "c" :host "::1" :family 'ipv4 :service 1 wrong)
  (apply #'make-network-process :name "s" :server t :host "a b" :service t wrong)
  (apply #'make-network-process :name "s" :server t :host "127.0.0.1" :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :nowait t :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :remote [127 0 0 1 1] :service "nosuchservice" wrong)
  (apply #'make-network-process :name "c" :family 'local :service "nosuchservice" wrong))
