;;; A process that nobody holds stays while it is open.  -*- lexical-binding: t -*-

(client (server) :name "kept")
(garbage-collect)
(call (process-status "kept"))
