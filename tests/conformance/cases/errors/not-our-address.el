;;; A server cannot have an address of another machine.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :host "192.0.2.77" :service t)
      (make-network-process :name "s" :server t :local [192 0 2 77 0]))
