;;; Most keywords of a client mean the same omitted and nil.  -*- lexical-binding: t -*-

(setq s (make-network-process :name "s" :server 50 :service t)
      plain (make-network-process :name "p" :service (port s)))
(defun slots (p) (list (process-coding-system p) (process-query-on-exit-flag p) (process-filter p) (process-sentinel p)
                       (process-plist p) (process-status p) (process-buffer p) (process-contact p :remote)))
(each key '(:coding :filter-multibyte :reuseaddr :noquery :filter :sentinel :log :plist :stop :buffer :host :family :type :nowait :remote :local :tls-parameters :use-external-socket)
  (equal (slots plain) (slots (make-network-process :name "a" :service (port s) key nil))))
