;;; A region is sent between its positions in any order, within what is accessible.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(with-temp-buffer
  (insert "abcdef")
  (call (process-send-region c 1 4) (process-send-region c 7 4) (process-send-region c 1 100) (process-send-region c 2 2))
  (narrow-to-region 2 3)
  (call (process-send-region c 1 2)))
(until-got k "abcdef")
