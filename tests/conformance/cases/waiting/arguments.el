;;; What accept-process-output takes, and refuses.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(until-accepted)
(call (accept-process-output c 0) (accept-process-output c -1) (accept-process-output c 0.01) (accept-process-output nil 0)
      (accept-process-output) (accept-process-output nil -1.5) (accept-process-output c 0 10) (accept-process-output c nil 10)
      (accept-process-output c 0.01 10) (accept-process-output c 0 1.5) (accept-process-output c "x") (accept-process-output c 'x)
      (accept-process-output "c" 0.01) (accept-process-output 'foo 0.01) (accept-process-output 5)
      (accept-process-output c 0.01 nil t) (accept-process-output c 0.01 nil 1) (accept-process-output nil 0.01 nil t))
