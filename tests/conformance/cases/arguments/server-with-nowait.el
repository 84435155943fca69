;;; A server cannot be asked not to wait, of whatever type.  -*- lexical-binding: t -*-

(each type '(nil datagram seqpacket) (make-network-process :name "s" :type type :server t :nowait t :service t))
(call (process-list))
