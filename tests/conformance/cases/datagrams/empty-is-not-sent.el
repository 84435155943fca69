;;; The empty string sends no datagram.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :filter #'on-chunk) c (client s :type 'datagram))
(call (process-send-string c "") (process-send-string c "after"))
(until-got s "after")
