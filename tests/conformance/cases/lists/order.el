;;; The list of processes is new each time, newest first.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (process-list) (progn (setcar (process-list) 'junk) (process-list)))
(until-accepted)
(call (process-list))
