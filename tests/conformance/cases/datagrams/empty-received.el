;;; In Emacs an empty datagram closes the process.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(peer 'datagram)
(peer 'send_to (port s) "")
(peer 'send_to (port s) "after")
(until (or (heard s "broken") (equal (got s) "after")))
(call (process-status s))
