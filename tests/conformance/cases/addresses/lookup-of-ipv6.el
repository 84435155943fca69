;;; IPv6 literals are looked up.  -*- lexical-binding: t -*-
;; needs: ipv6

(each arguments '(("::1") ("::1" ipv6) ("fe80::1") ("2001:db8::5")) (apply #'network-lookup-address-info arguments))
