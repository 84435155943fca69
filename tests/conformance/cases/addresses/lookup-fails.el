;;; A name that is not known is nil and a message.  -*- lexical-binding: t -*-

(each arguments '(("a b") ("") ("127.0.0.1" ipv6) ("::1" ipv4)) (apply #'network-lookup-address-info arguments))
(messages)
(each arguments '(("localhost" foo) ("localhost" local) ("höst")) (apply #'network-lookup-address-info arguments))
