;;; In Emacs the end is sent in the shifted state.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :coding 'iso-2022-jp))
(peer 'accept)
(call (process-send-string c "こ") (process-send-eof c) (peer 'receive_all))
