;;; A server whose filter is t accepts.  -*- lexical-binding: t -*-

(setq s (server))
(set-process-filter s t)
(setq c (client s))
(until-heard (until-accepted) "open")
(call (process-filter (car connections)))
