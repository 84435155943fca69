;;; A sentinel may wait for the output of another process.  -*- lexical-binding: t -*-

(setq s (server :sentinel #'ignore) b (client s :name "b") k (until-accepted)
      c (client s :sentinel (lambda (_p string) (note "sentinel" string) (process-send-string k "inner") (note "wait" (accept-process-output b 5)))))
(until-accepted 2)
(call (delete-process c))
