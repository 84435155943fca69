;;; A process belongs to the thread that made it.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(call (eq (process-thread s) main-thread) (eq (process-thread c) main-thread) (eq (process-thread k) main-thread) (set-process-thread s nil) (process-thread s) (set-process-thread s 5) (process-thread "s"))
