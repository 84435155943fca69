;;; Status and type can be asked by name, exit status and command cannot.  -*- lexical-binding: t -*-

(setq s (server :buffer "b"))
(call (process-status "s") (process-status "none") (process-status (get-buffer "b")) (process-type "s") (process-type "none")
      (process-status nil) (process-live-p "s") (process-live-p nil) (process-live-p 5) (process-exit-status "s") (process-command "s"))
