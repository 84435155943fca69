;;; Stopping and continuing twice is as once.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (stop-process c) (stop-process c) (state c) (continue-process c) (continue-process c) (state c))
