;;; A server shows the port it took; a client shows its service in the form given.  -*- lexical-binding: t -*-

(setq s (server :service "0"))
(call (port s) (integerp (port s)))
(each service (list (port s) (number-to-string (port s)))
  (process-contact (make-network-process :name "c" :host "127.0.0.1" :service service) :service))
