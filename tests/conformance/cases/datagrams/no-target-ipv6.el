;;; A server that has heard nobody cannot send over IPv6 either.  -*- lexical-binding: t -*-
;; needs: ipv6

(setq s (server :type 'datagram :family 'ipv6 :service t))
(call (process-send-string s "x") (process-status s))
