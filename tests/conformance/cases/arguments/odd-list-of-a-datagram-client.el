;;; A keyword without a value is an error when a datagram client is made.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service 9 :coding))
