;;; The second server that asks is given a new socket.  -*- lexical-binding: t -*-
;; listen: tcp

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :use-external-socket t) u (make-network-process :name "u" :server t :host "127.0.0.1" :service t :use-external-socket t))
(call (= (port s) (port u)) (equal (port s) (aref internal--daemon-sockname 4)))
