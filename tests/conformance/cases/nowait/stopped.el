;;; A client made stopped hears that it is open while its status is stop.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t :stop t))
(call (process-status c))
(until-heard c "open")
(peer 'accept) (peer 'send "data")
(settle)
(call (process-status c) (continue-process c))
(until-got c "data")
