;;; The contacts of datagram processes.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :type 'datagram :server t :host "127.0.0.1" :service t)
      c (make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service (port s)))
(call (process-contact s t) (process-contact s) (process-contact c t) (process-contact c))
