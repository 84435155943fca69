;;; Sizes below one count as one.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "abc")
(let ((read-process-output-max 0)) (until-got c "abc"))
(call (setq read-process-output-max 'x))
