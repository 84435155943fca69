;;; support.el --- What the tests of netproc share  -*- lexical-binding: t -*-

;;; Commentary:

;; Every test runs with `netproc-mode' on and leaves no process behind.
;; Nothing waits longer than `support-patience'.

;;; Code:

(require 'cl-lib)
(require 'ert)
(require 'netproc)

(defconst support-patience 30
  "How many seconds to wait for what must happen.")

(defun support-wait (condition)
  "Wait until CONDITION returns true, and return that."
  (let ((end (+ (float-time) support-patience))
        (value nil))
    (while (not (or (setq value (funcall condition))
                    (> (float-time) end)))
      (accept-process-output nil 0.05))
    (or value (error "It did not happen"))))

(defmacro support-until (form)
  "Wait until FORM is true, and return its value."
  `(support-wait (lambda () ,form)))

(defmacro support-deftest (name &rest body)
  "Define a test called NAME that evaluates BODY with `netproc-mode' on."
  (declare (indent 1))
  `(ert-deftest ,name ()
     (netproc-mode 1)
     (unwind-protect
         (progn ,@body)
       (mapc #'delete-process (process-list)))))

(defun support-server (&rest arguments)
  "Return an echo server with ARGUMENTS besides."
  (apply #'make-network-process
         (append arguments
                 (list :name "server" :server t :host 'local :service t
                       :noquery t
                       :filter #'process-send-string))))

(defun support-client (server &rest arguments)
  "Return a client of SERVER with ARGUMENTS besides."
  (apply #'make-network-process
         (append arguments
                 (list :name "client" :host 'local :noquery t
                       :service (process-contact server :service)))))

(defvar support-record nil
  "What was recorded, the newest first.")

(defun support-note (&rest event)
  "Record EVENT."
  (push event support-record))

(provide 'support)
;;; support.el ends here
