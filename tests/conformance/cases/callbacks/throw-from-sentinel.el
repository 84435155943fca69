;;; A throw leaves delete-process, and the deletion is complete.  -*- lexical-binding: t -*-

(setq s (server) c (client s :sentinel (lambda (_p _string) (throw 'out 'thrown))))
(call (catch 'out (delete-process c) 'returned) (state c))
