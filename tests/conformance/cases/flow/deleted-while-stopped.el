;;; A stopped process can be deleted.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (stop-process c) (delete-process c) (state c))
