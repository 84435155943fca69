;;; The end can be sent by a stopped process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (stop-process c) (process-send-eof c) (peer 'receive_all) (state c))
