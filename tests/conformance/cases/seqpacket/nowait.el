;;; A client of packets that does not wait is told that it is open.  -*- lexical-binding: t -*-

(setq s (server :type 'seqpacket :family 'local :service (place "s") :log #'ignore :sentinel #'ignore) c (client s :type 'seqpacket :nowait t))
(until-heard c "open")
