;;; In Emacs an abstract name reaches nobody.  -*- lexical-binding: t -*-

(setq name (format "\0conformance-%d" (emacs-pid)))
(peer 'listen_local name)
(call (condition-case e (process-status (make-network-process :name "c" :family 'local :service name)) (error (list (car e) (nth 1 e) (nth 2 e)))))
