;;; A key that is no symbol is an error when options are applied.  -*- lexical-binding: t -*-

(setq s (server))
(call (make-network-process :name "a" :server t :service t 5 1)
      (make-network-process :name "a" :host "127.0.0.1" :service (port s) "x" 1)
      (process-list))
