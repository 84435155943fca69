;;; A megabyte arrives whole.  -*- lexical-binding: t -*-

(setq s (server :coding 'binary :filter (lambda (p string) (puthash p (+ (gethash p got 0) (length string)) got)))
      c (client s :coding 'binary) k (until-accepted))
(process-send-string c (make-string 1000000 ?x))
(until (= (gethash k got 0) 1000000))
(call (gethash k got))
