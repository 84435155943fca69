;;; A local client that does not wait is told too.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s") :log #'ignore :sentinel #'ignore) c (client s :nowait t))
(call (process-status c))
(until-heard c "open")
(call (state c))
