;;; Datagrams wait while a server is stopped.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram))
(call (stop-process s) (process-send-string c "waits"))
(settle)
(call (state s) (continue-process s))
(until-got s "waits")
