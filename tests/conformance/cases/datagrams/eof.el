;;; The end cannot be sent by datagrams, and that is no error.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram))
(call (process-send-eof c) (process-status c) (process-send-string c "after"))
(until-got s "after")
