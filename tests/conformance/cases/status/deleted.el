;;; A deleted process is closed, exit status 0, and its sentinel was called before delete-process returned.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (delete-process c) (state c) (delete-process s) (state s))
