;;; A read gives at most read-process-output-max bytes, as text of fewer characters.  -*- lexical-binding: t -*-

(setq s (server :filter (lambda (p string) (process-put p 'longest (max (length string) (or (process-get p 'longest) 0))) (puthash p (+ (length string) (gethash p got 0)) got)))
      c (client s :coding 'binary) k (until-accepted))
(process-send-string c (make-string 20000 ?x))
(until (= (gethash k got 0) 20000))
(call read-process-output-max (<= (process-get k 'longest) read-process-output-max))
