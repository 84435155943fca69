;;; What filter, sentinel and log are given.  -*- lexical-binding: t -*-

(setq s (server :filter (lambda (&rest arguments) (note "filter" arguments) (push 'filter connections)) :sentinel (lambda (&rest arguments) (note "sentinel" arguments)) :log (lambda (&rest arguments) (note "log" arguments)))
      c (client s))
(process-send-string c "text")
(until connections)
