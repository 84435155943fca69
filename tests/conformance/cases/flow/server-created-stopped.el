;;; The connections of a server made stopped are not stopped.  -*- lexical-binding: t -*-

(setq s (server :stop t) c (client s))
(settle)
(call connections (continue-process s))
(setq k (until-accepted))
(until-heard k "open")
(call (state k) (process-contact k :stop))
