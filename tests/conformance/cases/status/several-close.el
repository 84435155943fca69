;;; Sentinels of connections that close in one pass run newest first.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore))
(dolist (name '("a" "b" "d")) (client s :name name))
(until (= (length (process-list)) 7))
(dolist (p (process-list)) (when (string-prefix-p "s <" (process-name p)) (delete-process p)))
(until (= (length (process-list)) 1))
