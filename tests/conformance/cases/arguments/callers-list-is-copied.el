;;; The list of the caller stays as it was.  -*- lexical-binding: t -*-

(setq arguments (list :name "s" :server t :host "127.0.0.1" :service t))
(call (setq s (apply #'make-network-process arguments)) arguments (eq (process-contact s t) arguments))
