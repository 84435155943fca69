;;; Emacs has no option :nodelay.  -*- lexical-binding: t -*-

(setq s (server))
(call (set-network-process-option s :nodelay t))
