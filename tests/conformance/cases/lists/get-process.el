;;; A process is found by name, or is itself.  -*- lexical-binding: t -*-

(setq s (server))
(call (get-process "s") (get-process s) (get-process "none") (get-process nil) (get-process 's) (get-process (current-buffer)) (get-process 5))
