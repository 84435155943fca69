;;; A local datagram to nobody is an error, and the process goes on.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :type 'datagram :family 'local :service (place "none")))
(call (process-send-string c "x") (process-status c))
