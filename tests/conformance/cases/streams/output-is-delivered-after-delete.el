;;; What was sent arrives though the process is deleted at once.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (process-send-string c "sent") (delete-process c) (peer 'receive_all))
