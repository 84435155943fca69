;;; Connections go on working when their server is deleted.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(until-heard k "open")
(call (delete-process s) (process-status k))
(process-send-string c "still")
(until-got k "still")
(process-send-string k "works")
(until-got c "works")
(call (make-network-process :name "d" :host "127.0.0.1" :service (process-contact c :service)))
