;;; Sending to a connection that fails is an error when that is known.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t))
(call (process-send-string c "early") (process-status c))
(settle)
