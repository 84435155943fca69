;;; netproc-route.el --- Route functions of Emacs to netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What Emacs would answer wrongly for an object of ours, its status for
;; example, is answered by advice on the functions in
;; `netproc--companions'.

;;; Code:

(require 'nadvice)
(require 'seq)
(require 'netproc-companions)

(declare-function netproc--set-target "libnetproc_emacs")
(declare-function netproc--start "libnetproc_emacs")

(defconst netproc--companions
  `((delete-process
     . ,(lambda (original &optional designator)
          (let ((process (netproc--designated designator)))
            (if process
                (netproc--delete process (netproc--link process))
              (funcall original designator)))))
    (process-send-string . netproc--send-string)
    (process-send-region . netproc--send-region)
    (process-send-eof . netproc--end)
    (accept-process-output . netproc--accept-output)
    (process-status
     . ,(lambda (original process)
          (let ((ours (if (stringp process)
                          (gethash process netproc--names)
                        (netproc--designated process))))
            (if ours
                (netproc--status ours (netproc--link ours))
              (funcall original process)))))
    (process-exit-status
     . ,(netproc--for-ours process link (netproc--link-exit link)))
    (process-type
     . ,(lambda (original process)
          (if (netproc--designated process)
              'network
            (funcall original process))))
    (process-contact . netproc--contact)
    (get-process
     . ,(lambda (original name)
          (or (and (stringp name) (gethash name netproc--names))
              (funcall original name))))
    (process-list
     . ,(lambda (_original) (netproc--all)))
    (get-buffer-process
     . ,(lambda (original buffer)
          (or (and (or (bufferp buffer) (stringp buffer))
                   (get-buffer buffer)
                   (netproc--of-buffer (get-buffer buffer)))
              (funcall original buffer))))
    (set-process-filter . netproc--set-filter)
    (set-process-buffer . netproc--set-buffer)
    (sleep-for
     . ,(lambda (original seconds &optional milliseconds)
          (netproc--leavable (funcall original seconds milliseconds))))
    (kill-buffer . netproc--kill-buffer)
    (make-network-process . netproc--make-other)
    (make-pipe-process . netproc--make-other)
    (make-process . netproc--make-other)
    (make-serial-process . netproc--make-other)
    (stop-process . netproc--stop-process)
    (continue-process . netproc--continue-process)
    (interrupt-process . netproc--as-object)
    (kill-process . netproc--as-object)
    (quit-process . netproc--as-object)
    (signal-process . netproc--as-object)
    (process-running-child-p . netproc--as-object)
    (process-coding-system
     . ,(netproc--for-ours process link (netproc--codings link)))
    (set-process-coding-system . netproc--set-coding-system)
    (process-filter-multibyte-p
     . ,(netproc--for-ours process link
          ;; There is nothing to be read without a socket.
          (and (memq (netproc--link-status link) '(open listen))
               (netproc--multibyte process link))))
    (set-process-filter-multibyte . netproc--set-filter-multibyte)
    (process-datagram-address
     . ,(netproc--for-ours process link
          (progn
            (netproc--await-connection link)
            (and (eq (netproc--link-kind link) 'datagram)
                 (eq (netproc--link-status link) 'open)
                 (netproc--target-of link)))))
    (set-process-datagram-address
     . ,(lambda (original process address)
          (let ((link (netproc--link process)))
            (if (not link)
                (funcall original process address)
              (netproc--await-connection link)
              (and (eq (netproc--link-kind link) 'datagram)
                   (eq (netproc--link-status link) 'open)
                   (netproc--set-target (netproc--link-number link) address)
                   (setf (netproc--link-target link) address)
                   address)))))
    (set-network-process-option . netproc--set-option-of)
    (internal-default-process-sentinel . netproc--default-sentinel)
    (gnutls-boot . netproc--boot)
    (gnutls-peer-status
     . ,(netproc--for-ours process link
          (and (netproc--running-p link) (netproc--link-peer link))))
    (gnutls-get-initstage
     . ,(netproc--for-ours process link
          (cond
           ((not (netproc--link-encrypted link)) 0)
           ((not (eq (netproc--link-status link) 'connect)) 9)
           ;; A handshake begins as soon as there is a socket.
           ((netproc--has-socket-p link) 8)
           (t 0))))
    (gnutls-bye . ,(netproc--for-ours process link t))
    (gnutls-deinit . ,(netproc--for-ours process link t)))
  "The functions that are told which processes are ours, and how.")

(defvar netproc--routed nil
  "Whether the companions know our processes.")

(defun netproc--buffer-killed ()
  "Delete our processes whose buffer is about to be killed."
  (netproc--delete-of (current-buffer)))

(defmacro netproc--of-arity (minimum maximum)
  "Return a function of MINIMUM to MAXIMUM arguments.
Its body is a call of `advice' with `original' and these."
  (let ((arguments (mapcar (lambda (number) (intern (format "argument-%d" number)))
                           (number-sequence 1 maximum))))
    `(lambda (,@(seq-take arguments minimum)
              ,@(and (< minimum maximum) '(&optional))
              ,@(seq-drop arguments minimum))
       (funcall advice original ,@arguments))))

(defun netproc--around (original advice)
  "Return a function to call ADVICE with ORIGINAL and its arguments.
It takes as many as ORIGINAL does."
  (pcase (func-arity original)
    ('(0 . 0) (netproc--of-arity 0 0))
    ('(0 . 1) (netproc--of-arity 0 1))
    ('(0 . 2) (netproc--of-arity 0 2))
    ('(0 . 4) (netproc--of-arity 0 4))
    ('(1 . 1) (netproc--of-arity 1 1))
    ('(1 . 2) (netproc--of-arity 1 2))
    ('(1 . 3) (netproc--of-arity 1 3))
    ('(2 . 2) (netproc--of-arity 2 2))
    ('(2 . 3) (netproc--of-arity 2 3))
    ('(3 . 3) (netproc--of-arity 3 3))
    ('(3 . 4) (netproc--of-arity 3 4))
    (_ (lambda (&rest arguments) (apply advice original arguments)))))

(defun netproc--install (function advice)
  "Have ADVICE called in place of FUNCTION, whose advice by others stays."
  (let ((original (advice--cd*r (symbol-function function)))
        (current-load-list nil))
    (put function 'netproc--original original)
    (put function 'function-documentation `(documentation ,original t))
    (defalias function (netproc--around original advice))))

(defun netproc--uninstall (function)
  "Have FUNCTION as it was."
  (let ((original (get function 'netproc--original))
        (current-load-list nil))
    (when original
      (put function 'netproc--original nil)
      (put function 'function-documentation nil)
      (defalias function original))))

(defun netproc--route ()
  "Have the companions know our processes."
  (unless netproc--routed
    (setq netproc--routed t)
    (pcase-dolist (`(,function . ,advice) netproc--companions)
      (when (fboundp function)
        (netproc--install function advice)))
    (add-hook 'kill-buffer-hook #'netproc--buffer-killed 90)
    (add-hook 'kill-emacs-hook #'netproc--drain-all 90)))

(defun netproc--unroute ()
  "Have the companions as Emacs made them, unless there are processes of ours."
  (when (and netproc--routed (not netproc--live))
    (setq netproc--routed nil)
    (pcase-dolist (`(,function . ,_) netproc--companions)
      (netproc--uninstall function))
    (remove-hook 'kill-buffer-hook #'netproc--buffer-killed)
    (remove-hook 'kill-emacs-hook #'netproc--drain-all)))

(defun netproc--ready ()
  "Have the module wake us, and the companions know our processes."
  (unless (and netproc--pipe (process-live-p netproc--pipe))
    (let ((pipe
           ;; There is but one byte to read; Emacs would wait for more of them.
           (let ((process-adaptive-read-buffering nil))
             (make-pipe-process :name " netproc"
                                :buffer netproc--nowhere
                                :noquery t
                                :coding 'no-conversion
                                :filter #'netproc--wake
                                :sentinel #'ignore))))
      (set-process-buffer pipe nil)
      (set-process-thread pipe nil)
      (puthash pipe t netproc--inner)
      (netproc--start pipe)
      (setq netproc--pipe pipe)))
  (netproc--route))

(provide 'netproc-route)
;;; netproc-route.el ends here
