;;; What the functions that send return.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (process-send-string c "a") (process-send-string "c" "b") (process-send-eof c) (process-send-eof "c"))
(until-got (until-accepted) "ab")
(apart (until-heard c "broken") (until-heard (car connections) "broken"))
