;;; Without a host in the family ipv6, it is ::1.  -*- lexical-binding: t -*-
;; needs: ipv6

(each host '(nil local) (process-contact (make-network-process :name "s" :server t :family 'ipv6 :host host :service t) t))
