;;; A priority is an integer.  -*- lexical-binding: t -*-

(each value '(nil t "1" 1.5 100000000000) (make-network-process :name "s" :server t :service t :priority value))
