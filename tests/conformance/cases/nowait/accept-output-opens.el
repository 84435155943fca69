;;; Waiting for output of a client opens it first.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(until-heard c "open")
(peer 'accept) (peer 'send "data")
(call (accept-process-output c 5))
