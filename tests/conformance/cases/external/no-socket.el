;;; Without a socket from outside the key is kept and does nothing.  -*- lexical-binding: t -*-

(call (setq s (make-network-process :name "s" :server t :service t :use-external-socket t)) (process-contact s t))
