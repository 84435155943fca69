;;; A key that is no symbol is told of datagram servers, and passed over by clients.  -*- lexical-binding: t -*-

(each odd '(("x" t) (5 5))
  (apply #'make-network-process :name "s" :server t :type 'datagram :host "127.0.0.1" :service t odd)
  (apply #'make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service 1 odd)
  (apply #'make-network-process :name "c" :type 'datagram :nowait t :remote [127 0 0 1 1] odd)
  (last (process-contact (car (process-list)) t) 4))
