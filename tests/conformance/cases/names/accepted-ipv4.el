;;; An accepted connection is named by server, address and port.  -*- lexical-binding: t -*-

(setq s (server :name "web") c (client s) k (until-accepted))
(call (equal (process-name k) (format "web <127.0.0.1:%d>" (aref (process-contact c :local) 4))))
