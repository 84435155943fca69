;;; A port whose connections have just ended can be taken again.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore) c (client s :sentinel #'ignore) p (port s))
(until (> (length (process-list)) 2))
(mapc #'delete-process (process-list))
(call (process-status (server :service p)))
