;;; With the smallest read-process-output-max text comes byte by byte.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter #'on-chunk))
(peer 'accept) (peer 'send "abc")
(let ((read-process-output-max 1)) (until-got c "abc"))
