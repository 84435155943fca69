;;; Ended processes stay listed when they are to stay.  -*- lexical-binding: t -*-

(setq delete-exited-processes nil p (peer 'listen) c (client p))
(peer 'accept) (peer 'close)
(until-heard c "broken")
(call (state c) (get-process "c") (delete-process c) (state c))
