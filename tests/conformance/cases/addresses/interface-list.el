;;; Interfaces with their addresses.  -*- lexical-binding: t -*-

(call (assoc "lo" (network-interface-list nil 'ipv4)) (assoc "lo" (network-interface-list t 'ipv4))
      (cl-every (lambda (entry) (and (stringp (car entry)) (memq (length (cdr entry)) '(5 9)))) (network-interface-list)))
(each arguments '((nil foo) (t local) (nil "ipv4") (5 5)) (apply #'network-interface-list arguments))
