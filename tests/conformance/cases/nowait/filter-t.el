;;; A client whose filter is t opens and reads nothing.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t :filter t))
(until-heard c "open")
(peer 'accept) (peer 'send "data")
(settle)
(call (process-status c))
(set-process-filter c #'on-text)
(until-got c "data")
