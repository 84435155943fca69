;;; The server's own sentinel hears of its deletion alone.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(until-accepted)
(settle)
(call (delete-process s) (state s))
