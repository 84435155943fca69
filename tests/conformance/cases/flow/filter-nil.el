;;; With the filter nil and no buffer, text is dropped.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (set-process-filter c nil) (process-filter c) (peer 'send "dropped") (accept-process-output c 5))
(set-process-filter c #'on-text)
(peer 'send "kept")
(until-got c "kept")
