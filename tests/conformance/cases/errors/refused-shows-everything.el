;;; The arguments in the error are as given, functions and buffers too.  -*- lexical-binding: t -*-

(setq p (peer 'refuse) b (get-buffer-create "b"))
(call (condition-case e (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b :filter #'car :sentinel (lambda (_ _)))
        (file-error (cl-remove p e))))
