;;; A failed process that is stopped shows that.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t))
(until-heard c "failed")
(call (process-status c) (stop-process c) (process-status c) (continue-process c) (process-status c))
