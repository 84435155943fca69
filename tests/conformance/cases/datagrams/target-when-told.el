;;; Where a server sends to changes when its filter is told, not when a datagram arrives.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram) d (client s :type 'datagram))
(process-send-string c "one")
(until-got s "one")
(setq to-c (process-datagram-address s))
(process-send-string d "two")
(call (equal (process-datagram-address s) to-c))
(until-got s "two")
(call (equal (process-datagram-address s) to-c))
