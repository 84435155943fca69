;;; The end can be sent.  -*- lexical-binding: t -*-

(setq s (server :type 'seqpacket :family 'local :service (place "s")) c (client s :type 'seqpacket) k (until-accepted))
(until-heard k "open")
(call (process-send-eof c) (process-status c))
(apart (until-heard k "broken") (until-heard c "broken"))
