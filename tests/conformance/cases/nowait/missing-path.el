;;; In Emacs the status becomes the symbol of the error, and the sentinel is not called.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :nowait t :family 'local :service (place "none") :sentinel #'on-event))
(until (not (eq (process-status c) 'connect)))
(settle)
(call (process-status c) (process-live-p c) (process-list))
