;;; Without a host, and with the symbol local, it is 127.0.0.1.  -*- lexical-binding: t -*-

(each host '(nil local) (process-contact (make-network-process :name "s" :server t :host host :service t) t))
(setq s (server))
(call (process-contact (make-network-process :name "c" :service (port s)) :remote)
      (process-contact (make-network-process :name "c" :host 'local :service (port s)) :remote))
