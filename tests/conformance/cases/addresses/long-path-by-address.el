;;; In Emacs a long path given as an address is cut.  -*- lexical-binding: t -*-

(setq long (concat (place "") (make-string (- 120 (length (place ""))) ?x)))
(call (condition-case e (length (process-contact (make-network-process :name "s" :server t :local long) :local)) (error (car e))))
