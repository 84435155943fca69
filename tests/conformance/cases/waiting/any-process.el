;;; Without a process, output of any makes it return t.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'send "data")
(call (accept-process-output nil 5) (accept-process-output nil 0))
