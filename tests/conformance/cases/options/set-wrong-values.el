;;; Wrong values are errors and change nothing.  -*- lexical-binding: t -*-

(setq s (server))
(each option '((:priority nil) (:priority t) (:priority "5") (:priority 1.0) (:priority 3000000000) (:bindtodevice 5) (:bindtodevice t) (:bindtodevice sym))
  (apply #'set-network-process-option s option) (process-contact s (car option)))
