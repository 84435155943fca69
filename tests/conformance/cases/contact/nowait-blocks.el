;;; Asked to block, a client waits for its socket.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore) c (client s :nowait t))
(call (vectorp (process-contact c :remote)))
