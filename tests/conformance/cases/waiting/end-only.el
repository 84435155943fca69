;;; The end alone makes it return nil.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'close)
(setq returned (accept-process-output c 5))
(until-heard c "broken")
(call returned (process-status c))
