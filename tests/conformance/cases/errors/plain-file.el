;;; Connecting to a plain file is refused.  -*- lexical-binding: t -*-

(write-region "" nil (place "file") nil 'silent)
(call (make-network-process :name "c" :family 'local :service (place "file")))
