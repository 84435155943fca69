;;; A broadcast without permission is an error.  -*- lexical-binding: t -*-

(setq c (make-network-process :name "c" :type 'datagram :remote [255 255 255 255 9]))
(call (condition-case e (progn (process-send-string c "x") 'sent) (file-error (list (nth 1 e) (member (nth 2 e) '("Permission denied" "Network is unreachable")))))
      (process-status c))
