;;; In Emacs a peer that only stops sending ends the connection.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "half") (peer 'finish)
(until-heard c "broken")
(call (process-status c) (process-send-string c "late"))
