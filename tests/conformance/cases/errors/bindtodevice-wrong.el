;;; A device is a string, and it must exist.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :service t :bindtodevice 5) (make-network-process :name "s" :server t :service t :bindtodevice t))
