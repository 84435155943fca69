;;; A datagram client given by address is open at once.  -*- lexical-binding: t -*-

(call (setq c (make-network-process :name "c" :type 'datagram :nowait t :remote [127 0 0 1 9] :sentinel #'on-event)) (process-status c))
(settle)
(call (process-status c))
