;;; Setting an option waits for the connection.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t))
(call (set-network-process-option c :keepalive t) (process-contact c :keepalive t))
