;;; With the filter t the end is not noticed.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter t))
(peer 'accept) (peer 'send "data") (peer 'close)
(settle)
(call (state c))
(set-process-filter c #'on-text)
(until-heard c "broken")
