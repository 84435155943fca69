;;; The service of a local process is a string.  -*- lexical-binding: t -*-

(each service (list nil t 5 'foo) (make-network-process :name "s" :server t :family 'local :service service) (make-network-process :name "c" :family 'local :service service))
