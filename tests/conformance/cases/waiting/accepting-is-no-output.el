;;; A wait that only accepts returns nil.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (accept-process-output nil 0.5) (length connections))
