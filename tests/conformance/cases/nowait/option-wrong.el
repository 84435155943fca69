;;; In Emacs a wrong option of a client by host leaves whatever wait comes next, and it connects for ever.  -*- lexical-binding: t -*-

(setq p (peer 'listen))
(dolist (keys '((:priority t) (:bindtodevice 5) ("x" t)))
  (note "keys" keys)
  (setq left 'nothing made nil)
  (condition-case failure
      (setq made (apply #'make-network-process :name "c" :nowait t :host "127.0.0.1" :service p :sentinel #'on-event keys))
    (error (setq left (list 'at-once failure))))
  (condition-case failure
      (until (not (eq left 'nothing)))
    (error (setq left (list 'later failure))))
  (call left (and made (process-status made)) (and made (delete-process made))))
