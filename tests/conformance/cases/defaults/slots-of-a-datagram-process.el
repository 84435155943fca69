;;; The slots of datagram processes.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :type 'datagram :server t :service t)
      c (make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service 9))
(call (state s) (state c) (process-type s) (process-type c) (process-filter s) (process-coding-system c))
