;;; The query flag and being stopped are not handed on.  -*- lexical-binding: t -*-

(setq s (server :noquery t :stop t))
(call (process-query-on-exit-flag s) (process-status s))
(setq c (client s))
(continue-process s)
(setq k (until-accepted))
(until-heard k "open")
(call (process-query-on-exit-flag k) (process-status k) (process-contact k :noquery) (process-contact k :stop))
