;;; The lowest free number is taken, and a free base name at once.  -*- lexical-binding: t -*-

(setq a (server :name "n" :sentinel #'ignore) b (server :name "n" :sentinel #'ignore) c (server :name "n" :sentinel #'ignore))
(call (delete-process b) (server :name "n") (delete-process a) (server :name "n") (mapcar #'process-name (process-list)))
