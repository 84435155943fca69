;;; What a connection takes from its server is what the server has when it is accepted.  -*- lexical-binding: t -*-

(setq s (server :plist '(a 1) :coding 'latin-1-unix))
(set-process-plist s '(a 2 b (3)))
(set-process-coding-system s 'utf-8-dos 'koi8-r-mac)
(set-process-sentinel s (lambda (p string) (on-event p (concat "later " string))))
(set-process-filter s #'on-chunk)
(client s)
(until connections)
(setq k (car connections))
(until-heard k "later open")
(call (process-plist k) (eq (process-plist k) (process-plist s)) (eq (process-get k 'b) (process-get s 'b))
      (process-coding-system k) (process-filter k))
