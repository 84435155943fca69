;;; In Emacs a filter that waits on its process is entered again.  -*- lexical-binding: t -*-

(setq p (peer 'listen) depth 0
      c (client p :filter (lambda (p string)
                            (setq depth (1+ depth))
                            (note "enter" depth string)
                            (when (= depth 1) (peer 'send "two") (note "inner" (accept-process-output p 5)))
                            (note "leave" string))))
(peer 'accept) (peer 'send "one")
(until (= depth 2))
