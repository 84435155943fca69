;;; What has ended cannot be sent to.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(delete-process c)
(call (process-send-string c "x") (process-send-eof c) (with-temp-buffer (insert "abc") (process-send-region c 1 3)) (process-send-string "c" "x"))
