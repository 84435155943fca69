;;; When the peer closes, the status is closed and the exit status 256.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "bye") (peer 'close)
(until-heard c "broken")
(call (state c))
