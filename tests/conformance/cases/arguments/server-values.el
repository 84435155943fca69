;;; Every value but nil makes a server.  -*- lexical-binding: t -*-

(each value (list 0 -5 5 1.5 'foo "x" (expt 2 40))
  (let ((s (make-network-process :name "s" :server value :service t)))
    (prog1 (list (process-status s) (process-contact s :server)) (delete-process s))))
