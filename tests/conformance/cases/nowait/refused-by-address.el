;;; A connection refused at once by address.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t :remote (vector 127 0 0 1 p)))
(until (not (eq (process-status c) 'connect)))
(until-heard c "failed")
(call (state c))
