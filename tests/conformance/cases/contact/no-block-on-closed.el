;;; Asked not to block, a closed process tells nothing.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (process-contact c :host t))
(delete-process c)
(call (process-contact c :host t) (process-contact c nil t) (process-contact c t t))
