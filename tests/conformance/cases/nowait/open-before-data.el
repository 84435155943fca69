;;; That it is open is told before the first text.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(process-put c 'order t)
(until-heard c "open")
(peer 'accept) (peer 'send "data")
(until-got c "data")
