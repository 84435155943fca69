;;; Sequenced packets exist for local sockets only.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :type 'seqpacket :service t)
      (make-network-process :name "c" :type 'seqpacket :host "127.0.0.1" :service 1))
