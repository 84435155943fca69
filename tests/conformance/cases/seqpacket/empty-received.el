;;; In Emacs an empty packet is taken for the end.  -*- lexical-binding: t -*-

(peer 'listen_local (place "p") "seqpacket")
(setq c (make-network-process :name "c" :type 'seqpacket :family 'local :service (place "p") :filter #'on-chunk :sentinel #'on-event))
(peer 'accept) (peer 'send "one") (peer 'send "") (peer 'send "two")
(until (or (heard c "broken") (string-suffix-p "two" (got c))))
