;;; Clients do not look at their local address, however malformed.  -*- lexical-binding: t -*-

(setq s (server))
(call (process-status (client s :local 'junk)))
