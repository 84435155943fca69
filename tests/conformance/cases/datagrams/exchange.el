;;; A server answers whom it last heard.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram))
(call (state s) (state c) (process-send-string c "question"))
(until-got s "question")
(call (process-send-string s "answer"))
(until-got c "answer")
