;;; Sequenced packets keep the borders of messages.  -*- lexical-binding: t -*-

(setq s (server :type 'seqpacket :family 'local :service (place "s") :filter #'on-chunk) c (client s :type 'seqpacket) k (until-accepted))
(process-send-string c "one") (process-send-string c "two")
(until-got k "two")
(process-send-string k "back")
(until-got c "back")
(call (state s) (state k) (process-contact c t) (process-contact k t) (process-datagram-address c))
