;;; A family that the system lacks is its error.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :local '(70000 . [1 2])) (make-network-process :name "c" :remote '(70000 . [1 2])))
