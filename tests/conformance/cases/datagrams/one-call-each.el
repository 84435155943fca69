;;; Each datagram is one call of the filter.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :filter #'on-chunk) c (client s :type 'datagram))
(process-send-string c "one") (process-send-string c "two") (process-send-string c "three")
(until-got s "three")
