;;; After an error no process is left and the name is free; a buffer has been made already.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :service t :buffer "made" :priority "x")
      (process-list) (get-process "s") (buffer-live-p (get-buffer "made"))
      (process-name (server)))
