;;; In Emacs a packet is cut at read-process-output-max.  -*- lexical-binding: t -*-

(peer 'listen_local (place "p") "seqpacket")
(setq c (make-network-process :name "c" :type 'seqpacket :family 'local :service (place "p") :filter (lambda (p string) (note "length" (length string)) (on-text p (substring string -1)))))
(peer 'accept) (peer 'send (concat (make-string 4999 ?x) "y")) (peer 'send "z")
(until (string-suffix-p "z" (got c)))
