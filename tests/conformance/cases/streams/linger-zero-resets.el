;;; With :linger 0 deleting resets the connection.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :linger 0))
(peer 'accept)
(call (process-contact c :linger) (delete-process c) (peer 'receive_all))
