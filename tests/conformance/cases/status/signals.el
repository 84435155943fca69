;;; Network processes are no subprocesses.  -*- lexical-binding: t -*-

(setq s (server))
(call (interrupt-process s) (kill-process s) (quit-process s) (signal-process s 'TERM) (process-running-child-p s)
      (set-process-window-size s 10 10) (stop-process "s") (continue-process "s"))
