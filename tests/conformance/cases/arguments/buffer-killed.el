;;; A buffer that was killed is accepted.  -*- lexical-binding: t -*-

(setq b (generate-new-buffer "b"))
(kill-buffer b)
(call (setq s (make-network-process :name "s" :server t :service t :buffer b)) (process-buffer s) (process-status s))
