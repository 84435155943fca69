;;; Processes made by address show no host.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :local [127 0 0 1 0])
      c (make-network-process :name "c" :remote (process-contact s :local)))
(call (process-contact s) (process-contact s t) (process-contact c) (process-contact c t))
