;;; Being stopped and the filter t are independent.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "one")
(stop-process c) (set-process-filter c t) (continue-process c)
(settle)
(call (state c))
(stop-process c) (set-process-filter c #'on-text)
(settle)
(call (state c) (continue-process c))
(until-got c "one")
