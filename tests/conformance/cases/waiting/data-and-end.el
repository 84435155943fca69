;;; Data and the end in one wait make it return t.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "bye") (peer 'close)
(setq returned (accept-process-output c 5))
(until-heard c "broken")
(call returned)
(call (accept-process-output c 5) (accept-process-output c))
