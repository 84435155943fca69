;;; A server with a buffer names those of its connections after it.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :buffer "base" :sentinel #'on-event :log #'on-log)
      c (client s) k (until-accepted))
(call (process-buffer s) (process-buffer k) (process-contact k :buffer))
