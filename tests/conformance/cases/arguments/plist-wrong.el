;;; A property list is any sequence, copied.  -*- lexical-binding: t -*-

(each plist '(5 foo) (make-network-process :name "s" :server t :service t :plist plist))
(each plist '("ab" (a) nil (a 1)) (process-plist (make-network-process :name "s" :server t :service t :plist plist)))
