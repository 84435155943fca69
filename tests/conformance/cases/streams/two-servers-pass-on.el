;;; A filter may send to another process.  -*- lexical-binding: t -*-

(setq s (server :filter (lambda (p string) (process-send-string p (upcase string)))) c (client s))
(process-send-string c "hello")
(until-got c "HELLO")
