;;; A server on :: takes IPv4 clients too, and names them as mapped.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq s (server :host "::" :family 'ipv6))
(call (process-contact s :local))
(setq c (make-network-process :name "c" :host "127.0.0.1" :service (port s)))
(until-accepted)
(call (process-contact (car connections) :remote))
