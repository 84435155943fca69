;;; By address the socket is there at once, and the opening is told later.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t :remote (vector 127 0 0 1 p)))
(call (process-status c))
(until-heard c "open")
(call (state c))
