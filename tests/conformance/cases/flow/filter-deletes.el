;;; A filter may delete its process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (p string) (note "filter" string) (delete-process p) (note "status" (process-status p)))))
(peer 'accept) (peer 'send "one")
(until-heard c "deleted")
(call (state c))
