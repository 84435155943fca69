;;; What was received and not read is dropped with the process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "unread")
(call (delete-process c))
(settle)
(call (got c))
