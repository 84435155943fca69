;;; Nothing is delivered outside of waits.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "data")
(call (peer 'send "more") (got c))
(until-got c "more")
