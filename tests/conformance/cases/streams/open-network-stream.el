;;; A plain stream of open-network-stream is a network process.  -*- lexical-binding: t -*-

(setq s (server) c (open-network-stream "c" "b" "127.0.0.1" (port s)))
(set-process-filter c #'on-text)
(call c (process-status c) (process-buffer c) (process-contact c) (process-contact c :remote))
(process-send-string (until-accepted) "hello")
(until-got c "hello")
