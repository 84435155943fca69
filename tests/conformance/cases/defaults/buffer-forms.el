;;; A buffer is made from a name and kept as an object in the contact when it was one.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "object")
      s (make-network-process :name "s" :server t :service t :buffer b)
      u (make-network-process :name "u" :server t :service t :buffer "name"))
(call (process-buffer s) (process-contact s :buffer) (process-buffer u) (process-contact u :buffer) (process-mark s) (process-mark u))
