;;; In the sentinel the final status is set, and the name is free.  -*- lexical-binding: t -*-

(setq p (peer 'listen)
      c (client p :sentinel (lambda (p string) (note "sentinel" string (state p) (get-process "c") (process-buffer p)) (puthash p (list string) heard)) :buffer "b"))
(peer 'accept) (peer 'close)
(until-heard c "broken")
