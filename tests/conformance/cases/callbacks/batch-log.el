;;; In batch mode an error in a log function leaves the wait.  -*- lexical-binding: t -*-
;; mode: batch

(setq s (server :log (lambda (_s _c _string) (error "boom"))) c (client s))
(call (accept-process-output nil 5))
