;;; A datagram that is too long is an error and the process goes on.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) c (client s :type 'datagram :coding 'binary))
(call (process-send-string c (make-string 70000 ?x)) (process-status c) (process-send-string c "short"))
(until-got s "short")
