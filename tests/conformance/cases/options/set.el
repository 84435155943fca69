;;; Setting an option returns t and shows in the contact.  -*- lexical-binding: t -*-

(setq s (server))
(each option '((:broadcast t) (:broadcast nil) (:dontroute t) (:dontroute nil) (:keepalive t) (:keepalive nil) (:linger t) (:linger nil) (:linger 5) (:linger "x") (:oobinline t) (:priority 5) (:priority 0) (:reuseaddr nil))
  (apply #'set-network-process-option s option) (process-contact s (car option)))
(call (process-contact s t))
