;;; A wait for a process takes in all that is there, however small the reads.  -*- lexical-binding: t -*-

(setq read-process-output-max 2 p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "abcdef")
(call (accept-process-output c 5) (got c) (accept-process-output c 0) (got c))
