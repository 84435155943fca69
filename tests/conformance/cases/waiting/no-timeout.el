;;; With a process and no time it waits until there is output.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "data")
(call (accept-process-output c))
