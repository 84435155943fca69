;;; A name that was given to a process that could not be made is free.  -*- lexical-binding: t -*-

(setq s (server))
(call (server :tls-parameters 5) (server :plist 5) (server :coding 'nosuch-coding) (server :service 'odd))
(call (server) (client s) (client s :coding 'nosuch-coding) (client s))
