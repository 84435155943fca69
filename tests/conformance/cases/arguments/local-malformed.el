;;; A local address that is no address is refused for servers.  -*- lexical-binding: t -*-

(each address (list [1 2 3] [127 0 0 1] [127 0 0 1 0 0] [0 0 0 0 0 0 0 1] [] 'foo 5 t '(1) '(1 . 2) '(1 . "x") '(a . [1 2]) '(1.0 . [1]) '((1 . 2)))
  (make-network-process :name "s" :server t :local address))
