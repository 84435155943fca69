;;; An unknown service names this host by its address, where no host was given.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :service "nosuchservice"))
(call (make-network-process :name "c" :host 'local :service "nosuchservice"))
(call (make-network-process :name "c" :host 'local :family 'ipv6 :service "nosuchservice"))
(call (make-network-process :name "c" :server t :service "nosuchservice"))
(setq c (make-network-process :name "c" :nowait t :service "nosuchservice"))
(until (not (eq (process-status c) 'connect)))
(call (process-exit-status c))
