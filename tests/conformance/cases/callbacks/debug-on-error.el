;;; When errors are to be debugged, they leave the wait.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (_p string) (error "boom %s" string))))
(peer 'accept) (peer 'send "one")
(let ((debug-on-error t) (debugger (lambda (&rest arguments) (note "debugger" (car arguments) (cadr arguments)))))
  (call (accept-process-output c 5)))
(call (process-status c))
