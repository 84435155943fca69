;;; A host is a string, nil or the symbol local.  -*- lexical-binding: t -*-

(each host (list 5 'foo t '("localhost") ["h"]) (make-network-process :name "s" :server t :host host :service t) (make-network-process :name "c" :host host :service 1))
