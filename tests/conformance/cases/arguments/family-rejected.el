;;; Families that the resolver does not know are its error.  -*- lexical-binding: t -*-

(each family '(12345 -1) (make-network-process :name "s" :server t :family family :service 0))
