;;; A connection that is refused is a file error with the arguments behind it.  -*- lexical-binding: t -*-

(setq p (peer 'refuse))
(call (condition-case e (make-network-process :name "c" :host "127.0.0.1" :service p) (file-error (list (car e) (nth 1 e) (nth 2 e) (equal (nthcdr 3 e) (list :name "c" :host "127.0.0.1" :service p)))))
      (process-list))
