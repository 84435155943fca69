;;; The contact stays when a process has ended.  -*- lexical-binding: t -*-

(setq s (server) c (client s) before (copy-sequence (process-contact c t)))
(delete-process c)
(call (equal before (process-contact c t)) (process-contact c) (process-contact c :remote nil))
