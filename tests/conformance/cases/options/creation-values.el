;;; The values that options take at creation.  -*- lexical-binding: t -*-

(each option '((:broadcast 5) (:broadcast nil) (:keepalive "x") (:dontroute 0) (:oobinline t) (:linger "x") (:linger t) (:linger 5) (:linger -1) (:linger nil) (:priority 6) (:priority 0) (:reuseaddr nil) (:reuseaddr t) (:bindtodevice nil) (:bindtodevice ""))
  (let ((s (apply #'make-network-process :name "s" :server t :service t option))) (prog1 (process-contact s (car option)) (delete-process s))))
