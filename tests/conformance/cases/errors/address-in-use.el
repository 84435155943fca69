;;; A second server on the same port is told that the address is in use.  -*- lexical-binding: t -*-

(setq s (server))
(call (condition-case e (make-network-process :name "t" :server t :service (port s)) (error e))
      (condition-case e (make-network-process :name "t" :server t :local (process-contact s :local)) (error e))
      (process-list))
