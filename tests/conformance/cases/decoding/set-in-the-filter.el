;;; A coding that a filter sets counts for what has arrived with the piece before.  -*- lexical-binding: t -*-

(setq read-process-output-max 4 p (peer 'listen)
      c (client p :coding 'utf-8-unix :filter (lambda (c text) (on-chunk c text) (set-process-coding-system c 'binary))))
(peer 'accept) (peer 'send (unibyte-string ?a 195 169 ?b 195 169 ?c 195))
(until (string-suffix-p (unibyte-string 195) (got c)))
(call (process-coding-system c))
