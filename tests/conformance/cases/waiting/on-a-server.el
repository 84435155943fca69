;;; Waiting for a server returns at once and accepts nobody.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (accept-process-output s 5) connections (accept-process-output s) connections)
(until-accepted)
