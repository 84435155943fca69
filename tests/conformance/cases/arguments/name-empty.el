;;; The empty string is a name.  -*- lexical-binding: t -*-

(call (setq s (server :name "")) (process-name s) (process-status s) (get-process ""))
(call (server :name "") (process-list))
