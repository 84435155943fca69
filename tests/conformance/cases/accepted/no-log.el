;;; Without a log function the sentinel alone hears.  -*- lexical-binding: t -*-

(setq s (server :log nil) c (client s))
(until-accepted)
