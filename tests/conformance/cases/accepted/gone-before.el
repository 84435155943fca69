;;; A connection that ended before it was accepted is accepted, read and ended.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(process-send-string c "last words")
(call (delete-process c))
(until-heard (until-accepted) "broken")
