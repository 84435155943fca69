;;; The log function hears of a connection before its sentinel, and that before its data.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(process-send-string c "data")
(setq k (until-accepted))
(until-got k "data")
