;;; Changing the server later does not change its connections.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(set-process-filter s #'ignore) (set-process-plist s '(new t)) (set-process-coding-system s 'latin-1-unix 'latin-1-unix)
(call (process-filter k) (process-plist k) (process-coding-system k))
