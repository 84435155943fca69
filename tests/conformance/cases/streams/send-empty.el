;;; The empty string sends nothing.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(call (process-send-string c ""))
(settle)
(process-send-string c "x")
(until-got k "x")
