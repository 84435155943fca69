;;; Filter, sentinel and log may be any object until they are called.  -*- lexical-binding: t -*-

(each function '(5 "f" nosuchfunction (a b))
  (let ((s (make-network-process :name "s" :server t :service t :filter function :sentinel function :log function)))
    (list (process-filter s) (process-sentinel s) (process-contact s :log) (progn (set-process-sentinel s #'ignore) (delete-process s)))))
