;;; An urgent byte is dropped unless it is to come in line.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :oobinline t))
(peer 'accept)
(call (peer 'send "a") (peer 'urgent "!") (peer 'send "b"))
(until-got c "b")
