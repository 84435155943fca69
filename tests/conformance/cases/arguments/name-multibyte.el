;;; A name may hold any character.  -*- lexical-binding: t -*-

(call (setq s (server :name "né中")) (process-name s) (get-process "né中") (format "%s" s))
