;;; The address of a server is that of the last sender.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram) a (peer 'datagram))
(peer 'send_to (port s) "hello")
(until-got s "hello")
(call (equal (process-datagram-address s) (vector 127 0 0 1 a)) (equal (process-contact s :remote) (vector 127 0 0 1 a)))
(process-send-string s "back")
(call (equal (peer 'receive_from) (list "back" (port s))))
