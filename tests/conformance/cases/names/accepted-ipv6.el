;;; Emacs swaps the bytes of the words of an IPv6 peer; here they are in order.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq s (make-network-process :name "web" :server t :family 'ipv6 :service t :filter #'ignore :sentinel #'ignore :log #'pair-log)
      c (make-network-process :name "c" :host "::1" :service (port s) :filter #'ignore :sentinel #'ignore))
(until (process-get s 'connection))
(setq k (process-get s 'connection))
(call (replace-regexp-in-string ":[0-9]+>\\'" ":PORT>" (process-name k)) (process-contact k :host) (process-contact k :remote))
