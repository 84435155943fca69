;;; The end of a connection of packets.  -*- lexical-binding: t -*-

(setq s (server :type 'seqpacket :family 'local :service (place "s")) c (client s :type 'seqpacket) k (until-accepted))
(until-heard k "open")
(delete-process c)
(until-heard k "broken")
(call (state k))
