;;; Emacs masks and skips wrong elements of an address.  -*- lexical-binding: t -*-

(each address (list [127 0 0 1 65536] [127 x 0 1 0] [127 0 nil 1 0] [65663 0 0 257 0])
  (let ((s (make-network-process :name "s" :server t :local address))) (prog1 (process-contact s :local) (delete-process s))))
