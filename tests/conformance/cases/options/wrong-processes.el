;;; Options are of running network processes.  -*- lexical-binding: t -*-

(setq s (server) c (client s) pipe (make-pipe-process :name "p" :noquery t))
(call (set-network-process-option nil :keepalive t) (set-network-process-option "s" :keepalive t) (set-network-process-option pipe :keepalive t))
(delete-process c)
(call (set-network-process-option c :keepalive t) (set-network-process-option c :foo t))
