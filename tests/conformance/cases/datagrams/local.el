;;; Datagrams between local sockets.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :family 'local :service (place "s")) c (client s :type 'datagram))
(call (state s) (process-contact c t) (process-send-string c "text"))
(until-got s "text")
(call (process-datagram-address s) (process-send-string s "back"))
