;;; A stopped server accepts nobody until it is continued.  -*- lexical-binding: t -*-

(setq s (server))
(call (stop-process s) (state s))
(setq a (client s :name "a"))
(process-send-string a "from a")
(settle)
(call connections (process-status a) (continue-process s) (state s))
(setq k (until-accepted))
(until-got k "from a")
