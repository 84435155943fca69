;;; Waiting for a process that failed or ended returns at once.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t))
(until-heard c "failed")
(call (accept-process-output c 5) (accept-process-output c) (delete-process c) (accept-process-output c 5) (accept-process-output c))
