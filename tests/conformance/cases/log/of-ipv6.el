;;; In Emacs the log names IPv6 peers with swapped bytes.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq told nil s (server :family 'ipv6 :host "::1" :sentinel #'ignore :log (lambda (_s _c string) (push string told))) c (client s))
(until told)
(call told)
