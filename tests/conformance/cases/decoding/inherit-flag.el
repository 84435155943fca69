;;; The inherit flag is set by the variable when there is a buffer and no coding.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore))
(let ((inherit-process-coding-system t))
  (call (process-inherit-coding-system-flag (client s)) (process-inherit-coding-system-flag (client s :buffer "b")) (process-inherit-coding-system-flag (client s :buffer "b" :coding 'utf-8))))
