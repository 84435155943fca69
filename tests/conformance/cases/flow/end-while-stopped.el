;;; The end of a connection is not noticed while it is stopped.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (stop-process c) (peer 'send "last") (peer 'close)
(settle)
(call (state c) (continue-process c))
(until-heard c "broken")
(call (state c))
