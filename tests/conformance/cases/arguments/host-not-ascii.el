;;; A host of other characters is refused with advice.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :host "höst" :service t) (make-network-process :name "c" :host "höst" :service 1))
