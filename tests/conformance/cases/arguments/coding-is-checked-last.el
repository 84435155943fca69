;;; A client with a wrong coding has already connected when that is told.  -*- lexical-binding: t -*-

(setq s (server))
(call (client s :coding 'nosuch))
(until (heard s "accept"))
(until-heard (car connections) "broken")
(call (process-list))
