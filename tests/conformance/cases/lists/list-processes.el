;;; The table of processes.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "srv" :server t :service t :sentinel #'ignore) h (make-network-process :name "srvhost" :server t :host "127.0.0.1" :service t)
      u (make-network-process :name "unx" :server t :family 'local :service (place "u"))
      c (make-network-process :name "cli" :buffer "clibuf" :host "127.0.0.1" :service (port h) :noquery t)
      d (make-network-process :name "dg" :type 'datagram :server t :service t)
      q (make-network-process :name "sq" :type 'seqpacket :server t :family 'local :service (place "q"))
      x (make-network-process :name "stopped" :host "127.0.0.1" :service (port h) :stop t))
(list-processes)
(defun rows () (mapcar (lambda (entry) (mapcar (lambda (column) (if (consp column) (car column) column)) (append (cadr entry) nil))) tabulated-list-entries))
(with-current-buffer "*Process List*"
  (call major-mode tabulated-list-format)
  (dolist (row (sort (rows) (lambda (a b) (string< (car a) (car b))))) (note "row" row)))
(list-processes t)
(with-current-buffer "*Process List*" (call (sort (mapcar #'car (rows)) #'string<)))
