;;; A name in use gets a number in angle brackets.  -*- lexical-binding: t -*-

(call (server :name "n") (server :name "n") (server :name "n") (mapcar #'process-name (process-list)))
