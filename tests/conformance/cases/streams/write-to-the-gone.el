;;; Writing to a local peer that has gone ends the process with an error.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")) c (client s) k (until-accepted))
(until-heard k "open")
(delete-process k)
(call (process-send-string c "x") (state c))
(until-heard c "broken")
(call (state c) (process-send-string c "x"))
