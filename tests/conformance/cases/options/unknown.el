;;; An unknown option is an error, or nil when errors are not wanted.  -*- lexical-binding: t -*-

(setq s (server))
(call (set-network-process-option s :foo 1) (set-network-process-option s :foo 1 t) (set-network-process-option s :name "x") (set-network-process-option s 'keepalive t)
      (set-network-process-option s ":keepalive" t) (set-network-process-option s 9 t) (set-network-process-option s nil t) (set-network-process-option s :priority "x" t)
      (set-network-process-option s :server nil t) (set-network-process-option s :use-external-socket t t) (process-contact s t))
