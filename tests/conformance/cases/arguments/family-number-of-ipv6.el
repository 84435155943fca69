;;; The system's own number stands for IPv6.  -*- lexical-binding: t -*-
;; needs: ipv6

(each family '(10 ipv6) (process-contact (make-network-process :name "s" :server t :family family :service t) :local))
