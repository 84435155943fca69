;;; With a filter of the server's own, connections have no buffer.  -*- lexical-binding: t -*-

(setq s (server :buffer "b") c (client s) k (until-accepted))
(call (process-buffer s) (process-buffer k))
