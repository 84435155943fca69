;;; A peer that says nothing and closes.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'close)
(until-heard c "broken")
(call (state c))
