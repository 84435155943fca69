;;; Of an unknown service and an unknown host the service is told.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :host "a b" :service "nosuchservice"))
