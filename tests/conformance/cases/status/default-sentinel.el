;;; The default sentinel writes what happened into the buffer.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(peer 'accept) (peer 'send "text") (peer 'close)
(until (with-current-buffer b (string-match-p "broken" (buffer-string))))
(call (with-current-buffer b (buffer-string)) (process-mark c))
