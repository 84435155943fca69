;;; A name is unique among all processes, whoever makes them, whenever.  -*- lexical-binding: t -*-

(setq s (server :name "s" :log #'ignore :sentinel #'ignore) p (make-pipe-process :name "p" :noquery t))
(call (process-name (make-pipe-process :name "s" :noquery t)) (process-name (server :name "p"))
      (process-name (make-pipe-process :name "p" :noquery t)) (process-name (server :name "s")) (process-name (make-pipe-process :name "s" :noquery t)))
(delete-process s)
(call (process-name (make-pipe-process :name "s" :noquery t)) (process-name (server :name "s")))
(server :name "true")
(call (process-name (make-process :name "true" :command '("true") :noquery t :sentinel #'ignore)))
