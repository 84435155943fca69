;;; Local connections are logged as from a dash.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s") :sentinel #'ignore) c (client s))
(until-accepted)
