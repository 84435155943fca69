;;; Connecting to a path that does not exist is a file-missing error.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :family 'local :service (place "none")) (make-network-process :name "c" :remote (place "none")) (process-list))
