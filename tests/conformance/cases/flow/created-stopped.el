;;; A process made stopped waits to be continued.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :stop t))
(peer 'accept) (peer 'send "hello")
(call (state c) (process-contact c :stop))
(settle)
(call (continue-process c))
(until-got c "hello")
(call (state c) (process-contact c :stop))
