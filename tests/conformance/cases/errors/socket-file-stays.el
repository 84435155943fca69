;;; The file of a local server stays when the server is deleted.  -*- lexical-binding: t -*-

(setq s (server :family 'local :service (place "s")))
(call (file-exists-p (place "s")) (delete-process s) (file-exists-p (place "s")))
