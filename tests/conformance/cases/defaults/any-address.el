;;; Servers may listen on every address.  -*- lexical-binding: t -*-

(call (process-contact (make-network-process :name "s" :server t :host "0.0.0.0" :service t) t))
