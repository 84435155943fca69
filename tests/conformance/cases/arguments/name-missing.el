;;; A name that is missing or no string is an error that shows it.  -*- lexical-binding: t -*-

(call (make-network-process :server t :service t))
(each name (list nil 'foo 5 '("n")) (make-network-process :name name :server t :service t))
(call (process-list))
