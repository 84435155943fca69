;;; The contact of a connection still shows the log function.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(call (process-contact k :log))
