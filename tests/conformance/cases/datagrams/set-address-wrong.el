;;; What is no address of the family changes nothing.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(set-process-datagram-address s [127 0 0 1 9])
(each address (list [0 0 0 0 0 0 0 1 9] "path" [1 2 3] 5 nil 'foo)
  (set-process-datagram-address s address) (process-datagram-address s))
(call (set-process-datagram-address "s" [127 0 0 1 9]) (process-datagram-address "s") (process-datagram-address nil))
