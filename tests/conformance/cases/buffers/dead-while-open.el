;;; Text for a buffer that was killed without its process noticing is dropped.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (generate-new-buffer "b"))
(kill-buffer b)
(setq c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5) (process-status c))
