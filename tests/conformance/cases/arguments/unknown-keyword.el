;;; An unknown keyword is kept and can be asked for.  -*- lexical-binding: t -*-

(call (setq s (make-network-process :name "s" :server t :service t :frobnicate 7)) (process-contact s :frobnicate) (process-contact s t))
