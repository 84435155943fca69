;;; In Emacs options of a datagram client are recorded and not set.  -*- lexical-binding: t -*-

(call (process-contact (setq c (make-network-process :name "c" :type 'datagram :host "127.0.0.1" :service 9 :broadcast t :priority "x")) :broadcast) (process-contact c :priority))
