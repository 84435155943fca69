;;; Whether the filter is given characters is known while there is a socket.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(call (process-filter-multibyte-p c) (process-filter-multibyte-p s))
(delete-process c)
(until-heard k "broken")
(call (process-filter-multibyte-p c) (process-filter-multibyte-p k))
