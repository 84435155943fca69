;;; Asking for the exit status of a connecting process crashes Emacs.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(call (process-exit-status c))
