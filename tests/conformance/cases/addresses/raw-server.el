;;; In Emacs a server cannot have an address given as bytes.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :local (cons 2 (vconcat [0 0 127 0 0 1] (make-vector 8 0))))
      (make-network-process :name "s" :server t :local '(2 . [0 0 127 0 0 1]))
      (make-network-process :name "s" :server t :local '(2 . [])))
