;;; A stopped process reads nothing, and sends; continued, it reads what came.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (eq c (stop-process c)) (state c) (peer 'send "one"))
(settle)
(call (process-send-string c "hi") (peer 'receive 2) (accept-process-output c 0) (eq c (continue-process c)) (state c))
(until-got c "one")
