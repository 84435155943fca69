;;; A reset ends a connection as a close does.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'reset)
(until-heard c "broken")
(call (state c))
