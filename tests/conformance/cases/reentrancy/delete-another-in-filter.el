;;; A filter may delete a process whose data waits.  -*- lexical-binding: t -*-

(setq s (server :log #'on-log :sentinel #'ignore) a (client s :name "a" :sentinel #'ignore) b (client s :name "b" :sentinel #'ignore) filtered 0)
(until-accepted 2)
(dolist (p (list a b)) (set-process-filter p (lambda (p _string) (setq filtered (1+ filtered)) (delete-process (if (eq p a) b a)))))
(dolist (k connections) (process-send-string k "text"))
(until (> filtered 0))
(settle)
(call filtered (length (delq nil (list (process-live-p a) (process-live-p b)))))
