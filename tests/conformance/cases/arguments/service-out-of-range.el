;;; Emacs takes ports modulo 65536; they are refused here.  -*- lexical-binding: t -*-

(each service '(65536 "65536" 65616 "4294967376")
  (condition-case e (process-status (make-network-process :name "s" :server t :service service))
    (file-error (car e))))
