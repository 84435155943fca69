;;; A path of 108 bytes or more is refused by name.  -*- lexical-binding: t -*-

(setq long (concat (place "") (make-string (- 108 (length (place ""))) ?x)))
(call (condition-case e (make-network-process :name "s" :server t :family 'local :service long) (error e))
      (condition-case e (make-network-process :name "c" :family 'local :service long) (error e))
      (process-status (make-network-process :name "s" :server t :family 'local :service (substring long 0 107))))
