;;; A server of nil makes a client, which may go on without waiting.  -*- lexical-binding: t -*-

(setq s (server))
(call (setq c (client s :server nil :nowait t)) (process-status c))
(apart (until-heard c "open") (until-accepted))
(call (process-status c))
