;;; The old short forms of an IPv4 address are understood and kept as given.  -*- lexical-binding: t -*-

(each host '("127.1" "0x7f000001" "2130706433")
  (process-contact (make-network-process :name "s" :server t :host host :service t) t))
