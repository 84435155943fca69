;;; Servers cannot be sent to.  -*- lexical-binding: t -*-

(setq s (server))
(call (process-send-string s "x") (process-send-eof s) (process-send-region s 1 1))
