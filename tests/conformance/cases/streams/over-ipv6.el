;;; Streams over IPv6.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq s (make-network-process :name "s" :server t :family 'ipv6 :service t :filter #'on-text :sentinel #'ignore :log #'pair-log)
      c (make-network-process :name "c" :host "::1" :service (port s) :filter #'on-text))
(until (process-get s 'connection))
(process-send-string (process-get s 'connection) "six")
(until-got c "six")
(call (process-contact c t) (process-contact s t))
