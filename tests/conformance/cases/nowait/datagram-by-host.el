;;; In Emacs a datagram client given by host never opens.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :type 'datagram :nowait t :host "127.0.0.1" :service 9 :sentinel #'on-event))
(call (process-status c))
(settle) (settle) (settle)
(call (process-status c))
