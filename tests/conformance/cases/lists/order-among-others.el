;;; The list has all processes together, the newest first.  -*- lexical-binding: t -*-

(setq a (make-pipe-process :name "a" :noquery t) b (server :name "b") c (make-pipe-process :name "c" :noquery t) d (server :name "d") e (server :name "e"))
(call (mapcar #'process-name (process-list)))
(delete-process c)
(call (mapcar #'process-name (process-list)))
(setq f (make-pipe-process :name "f" :noquery t) g (server :name "g"))
(delete-process a)
(call (mapcar #'process-name (process-list)))
