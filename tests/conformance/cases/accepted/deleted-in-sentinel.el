;;; A connection deleted by its own sentinel is closed.  -*- lexical-binding: t -*-

(setq s (server :sentinel (lambda (p string) (on-event p string) (when (string-prefix-p "open" string) (delete-process p) (note "status" (process-status p)))))
      c (client s))
(until-heard c "broken")
(call (process-status (car connections)))
