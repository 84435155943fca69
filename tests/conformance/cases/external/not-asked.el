;;; Who does not ask is not given the socket.  -*- lexical-binding: t -*-
;; listen: tcp

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t))
(call (equal (port s) (aref internal--daemon-sockname 4)))
