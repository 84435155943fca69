;;; Datagrams over IPv6.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq s (server :type 'datagram :family 'ipv6 :host "::1") c (make-network-process :name "c" :type 'datagram :host "::1" :service (port s) :filter #'on-text))
(call (process-datagram-address s))
(process-send-string c "six")
(until-got s "six")
(process-send-string s "back")
(until-got c "back")
