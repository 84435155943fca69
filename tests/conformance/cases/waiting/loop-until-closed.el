;;; The usual loop ends when the process has closed.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p) rounds 0)
(peer 'accept) (peer 'send "all of it") (peer 'close)
(while (and (< rounds 100) (accept-process-output c)) (setq rounds (1+ rounds)))
(call (< 0 rounds 100) (got c) (process-live-p c))
(until-heard c "broken")
