;;; A socket file that nobody serves refuses clients and is in the way of a server.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "stale")))
(call (delete-process s) (file-exists-p (place "stale"))
      (make-network-process :name "c" :family 'local :service (place "stale"))
      (make-network-process :name "s" :server t :family 'local :service (place "stale")))
