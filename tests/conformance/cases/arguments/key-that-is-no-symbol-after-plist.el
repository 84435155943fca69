;;; A key that is no symbol is noticed after the property list.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :service t "x" t :plist 5)
      (make-network-process :name "s" :server t :service t "x" t :coding 5))
