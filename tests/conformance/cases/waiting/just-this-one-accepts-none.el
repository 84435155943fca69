;;; With JUST-THIS-ONE servers accept nobody.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p) s (server) d (client s :name "d"))
(peer 'accept) (peer 'send "x")
(call (accept-process-output c 5 nil t) connections)
(until-accepted)
