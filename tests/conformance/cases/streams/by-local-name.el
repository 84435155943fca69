;;; Local streams work as those over IP.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")) c (client s) k (until-accepted))
(process-send-string c "to the server") (until-got k "to the server")
(process-send-string k "to the client") (until-got c "to the client")
(delete-process k)
(until-heard c "broken")
(call (state c))
