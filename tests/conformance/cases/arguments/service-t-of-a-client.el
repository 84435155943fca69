;;; The service t of a client is the port zero, where nobody listens.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :host "127.0.0.1" :service t) (make-network-process :name "c" :host "127.0.0.1" :service 0))
