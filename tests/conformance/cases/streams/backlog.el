;;; Clients are connected before they are accepted.  -*- lexical-binding: t -*-

(setq s (server :server 5) c (client s))
(call (state c) (length (process-list)))
(until-accepted)
