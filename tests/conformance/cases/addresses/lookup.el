;;; A name is looked up to a list of addresses.  -*- lexical-binding: t -*-

(each arguments '(("127.0.0.1") ("127.1") ("127.0.0.1" ipv4) ("127.0.0.1" nil)) (apply #'network-lookup-address-info arguments))
(call (and (member [127 0 0 1 0] (network-lookup-address-info "localhost" 'ipv4)) t))
