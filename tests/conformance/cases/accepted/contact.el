;;; The contact of an accepted connection is the server's, with the peer in it.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server t :host "127.0.0.1" :service t :noquery t :stop nil :keepalive t :foo 7 :log #'on-log :sentinel #'on-event :filter #'on-text :buffer "b"))
(setq c (client s) k (until-accepted))
(call (process-contact k t) (process-contact k) (process-contact k :foo) (process-contact k :server)
      (equal (process-contact k :remote) (process-contact c :local)))
