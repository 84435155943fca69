;;; A filter that kills the process's buffer deletes the process.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") kill-buffer-query-functions nil
      c (client p :buffer b :filter (lambda (p string) (note "filter" string) (kill-buffer b) (note "status" (process-status p)))))
(peer 'accept) (peer 'send "data")
(until-heard c "deleted")
