;;; Sending the end waits until the connection is open.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(call (process-send-eof c) (process-status c) (peer 'accept) (peer 'receive_all))
