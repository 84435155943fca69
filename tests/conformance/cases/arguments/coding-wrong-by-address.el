;;; A client by address that does not wait tells a wrong coding at once.  -*- lexical-binding: t -*-

(setq s (server))
(call (make-network-process :name "c" :nowait t :remote (process-contact s :local) :coding 'nosuch) (get-process "c"))
