;;; A process that was stopped when its end had come hears of that once it is sent to.  -*- lexical-binding: t -*-

(peer 'listen-local (place "peer"))
(setq c (client nil :family 'local :service (place "peer")))
(peer 'accept) (peer 'close)
;; The end is on its way to Emacs, which has not looked yet.
(dotimes (_ 20) (peer 'datagram))
(stop-process c)
(settle)
(call (state c) (process-send-string c "x"))
(until-heard c "broken")
(call (state c))
