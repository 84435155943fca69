;;; Stopping a server does not stop its connections.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(until-heard k "open")
(stop-process s)
(process-send-string c "again")
(until-got k "again")
(call (process-status k))
