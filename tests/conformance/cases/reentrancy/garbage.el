;;; Collecting garbage in callbacks harms nothing.  -*- lexical-binding: t -*-

(setq s (server :filter (lambda (p string) (garbage-collect) (on-text p string) (process-send-string p "pong"))
                :sentinel (lambda (p string) (garbage-collect) (on-event p string)))
      c (client s))
(process-send-string c "ping")
(until-got c "pong")
