;;; A device that does not exist is an option that cannot be set, of servers and of clients.  -*- lexical-binding: t -*-

(setq s (server))
(call (make-network-process :name "s" :server t :service t :bindtodevice "nosuchdev")
      (make-network-process :name "c" :host "127.0.0.1" :service (port s) :bindtodevice "nosuchdev"))
