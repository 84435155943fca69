;;; Of a keyword given twice the first counts, and both are kept.  -*- lexical-binding: t -*-

(call (setq s (make-network-process :name "first" :name "second" :server t :service t :plist '(a 1) :plist '(b 2)))
      (process-name s) (process-plist s) (process-contact s t))
