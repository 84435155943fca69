;;; That a process is closed is told before the option is looked at.  -*- lexical-binding: t -*-

(setq s (server))
(call (set-network-process-option s "x" t) (delete-process s) (set-network-process-option s "x" t)
      (set-network-process-option s :nothing t) (set-network-process-option s :nothing t t))
