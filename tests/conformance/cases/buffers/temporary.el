;;; A temporary buffer takes its process along, though its hooks do not run.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore))
(call (setq c (with-temp-buffer (client s :buffer (current-buffer)))) (process-status c) (buffer-live-p (process-buffer c)) (length (process-list)))
