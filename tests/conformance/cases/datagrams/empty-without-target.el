;;; An empty text is sent to nobody without an error.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(call (process-send-string s ""))
