;;; The property list is copied at its top, and the contact keeps the one given.  -*- lexical-binding: t -*-

(setq plist (list 'a (list 1)) s (make-network-process :name "s" :server t :service t :plist plist))
(call (process-plist s) (eq plist (process-plist s)) (eq (cadr plist) (process-get s 'a)) (process-put s 'b 2)
      (process-plist s) plist (eq plist (process-contact s :plist)) (process-contact s :plist))
