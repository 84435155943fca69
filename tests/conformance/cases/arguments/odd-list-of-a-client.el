;;; A keyword without a value crashes Emacs when a client is made.  -*- lexical-binding: t -*-

(setq s (server))
(call (make-network-process :name "c" :host "127.0.0.1" :service (port s) :coding))
