;;; Properties are compared by identity.  -*- lexical-binding: t -*-

(setq s (server :plist (list 'a 1)))
(call (process-get s 'a) (process-get s 'z) (process-put s 'b 2) (process-plist s) (process-put s "str" 1) (process-get s "str")
      (set-process-plist s '(x 1)) (process-get s 'x) (progn (set-process-plist s '(a)) (process-get s 'a)) (process-put s 'b 1) (process-get "s" 'a) (process-put 5 'a 1))
