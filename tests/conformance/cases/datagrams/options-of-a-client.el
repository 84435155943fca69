;;; In Emacs options of a datagram client are recorded and not set.  -*- lexical-binding: t -*-

(setq c (call (make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service 9 :broadcast t :priority "x")))
(when c (call (process-contact c :broadcast) (process-contact c :priority)))
