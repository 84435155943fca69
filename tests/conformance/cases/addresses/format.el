;;; Addresses as text.  -*- lexical-binding: t -*-

(each address (list [127 0 0 1] [127 0 0 1 80] [127 0 0 1 65535] [127 0 0 1 65536] [127 0 0 1 -1] [256 0 0 1] [127 0 0 x] [127 0 0 1.0]
                    [0 0 0 0 0 0 0 1] [0 0 0 0 0 0 0 1 80] [8193 3512 0 0 0 0 0 5 443] [65536 0 0 0 0 0 0 0 0] [1 2 3] [1 2 3 4 5 6] []
                    [1 2 3 4 5 6 7 8 9 10] nil "path" "" 'sym 5 '(1 . [2 3]) '(2) "p\351" t)
  (format-network-address address) (format-network-address address t))
