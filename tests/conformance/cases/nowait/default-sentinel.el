;;; The default sentinel writes nothing for open, and a line for a failure.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) b (get-buffer-create "b") c (make-network-process :name "c" :nowait t :host "127.0.0.1" :service p :buffer b))
(until (with-current-buffer b (string-match-p "failed" (buffer-string))))
(call (with-current-buffer b (buffer-string)))
(setq p (peer 'listen) o (get-buffer-create "o") c (make-network-process :name "o" :nowait t :host "127.0.0.1" :service p :buffer o))
(until (eq (process-status c) 'open))
(settle)
(call (with-current-buffer o (buffer-string)))
