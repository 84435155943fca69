;;; Sending waits until the connection is open.  -*- lexical-binding: t -*-

(setq s (server :log #'pair-log :sentinel #'ignore) c (client s :nowait t))
(call (process-status c) (process-send-string c "early") (process-status c))
(until (process-get s 'connection))
(until-got (process-get s 'connection) "early")
