;;; A name with percent signs harms nothing.  -*- lexical-binding: t -*-

(setq s (server :name "100%d %s"))
(client s)
(call (until-accepted))
