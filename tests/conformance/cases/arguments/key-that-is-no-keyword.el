;;; A symbol that is no keyword is kept like an unknown one.  -*- lexical-binding: t -*-

(call (setq s (make-network-process :name "s" 'foo 1 :server t :service t)) (process-contact s t) (process-contact s 'foo))
