;;; A server on a path where a file is is told that the address is in use.  -*- lexical-binding: t -*-

(write-region "" nil (place "file") nil 'silent)
(call (make-network-process :name "s" :server t :family 'local :service (place "file"))
      (make-network-process :name "s" :server t :local (place "file")))
