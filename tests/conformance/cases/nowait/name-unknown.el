;;; In Emacs the sentinel is not called when a name is not known.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :nowait t :host "a b" :service 1 :sentinel #'on-event))
(call (process-status c))
(until (eq (process-status c) 'failed))
(settle)
(call (state c) (get-process "c") (delete-process c) (state c))
