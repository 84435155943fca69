;;; With an address given, host, service and family are not looked at.  -*- lexical-binding: t -*-

(setq s (server))
(call (process-status (make-network-process :name "c" :remote (process-contact s :local) :host 5 :service 'foo :family 'bar))
      (process-status (make-network-process :name "t" :server t :local [127 0 0 1 0] :host 5 :service 'foo :family 'bar)))
