;;; A server in a folder that does not exist cannot bind.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :family 'local :service (place "none/s")))
