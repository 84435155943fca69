;;; A client that does not wait is told when it is open.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(call (process-status c) (process-live-p c) (process-contact c :nowait t))
(until-heard c "open")
(call (state c) (process-contact c t))
