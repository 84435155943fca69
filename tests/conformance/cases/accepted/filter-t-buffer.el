;;; Connections of a server whose filter is t get a buffer and the filter t.  -*- lexical-binding: t -*-

(setq s (server :filter t) c (client s) k (until-accepted))
(until-heard k "open")
(call (process-filter k) (process-buffer k) (process-status k))
