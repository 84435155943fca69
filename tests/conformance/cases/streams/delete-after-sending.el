;;; What was sent before a process is deleted arrives.  -*- lexical-binding: t -*-

(setq n 0 s (server :coding 'binary :log #'ignore :filter (lambda (_ text) (setq n (+ n (length text))))) c (client s :coding 'binary))
(call (process-send-string c (make-string 3000000 ?x)) (delete-process c))
(until (= n 3000000))
