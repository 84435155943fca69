;;; A refusal is noticed while nothing is read.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) c (client p :nowait t :filter t) d (client p :nowait t :stop t))
(apart (until-heard c "failed") (until-heard d "failed"))
(call (state c) (process-status d))
(call (process-send-string c "text"))
