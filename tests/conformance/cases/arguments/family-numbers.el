;;; The system's own numbers stand for families.  -*- lexical-binding: t -*-

(each family '(2 0 nil ipv4) (process-contact (make-network-process :name "s" :server t :family family :service t) :local))
(call (process-contact (make-network-process :name "s" :server t :family 1 :service (place "one")) :local))
