;;; A refused connection is told with the code of the error.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t))
(call (process-status c))
(until-heard c "failed")
(call (state c) (process-send-string c "x") (delete-process c) (state c))
