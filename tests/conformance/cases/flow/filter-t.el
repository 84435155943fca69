;;; With the filter t nothing is read, and the status stays open.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (set-process-filter c t) (state c) (process-filter c) (peer 'send "data"))
(settle)
(call (accept-process-output c 0) (set-process-filter c #'on-text))
(until-got c "data")
