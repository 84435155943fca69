;;; netproc-companions.el --- What Lisp asks of processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Each function here answers for processes of ours in place of one of
;; Emacs, which is given as ORIGINAL and does it for all others.

;;; Code:

(require 'netproc-send)

(declare-function netproc--read "libnetproc_emacs")
(declare-function netproc--set-option "libnetproc_emacs")
(declare-function netproc--start-tls "libnetproc_emacs")
(declare-function netproc--stop "libnetproc_emacs")
(declare-function netproc--target "libnetproc_emacs")

(defun netproc--target-of (link)
  "Return where the datagram process of LINK sends to."
  (or (netproc--link-target link)
      (netproc--target (netproc--link-number link))))

(defun netproc--has-socket-p (link)
  "Tell whether the process of LINK has a socket in the eyes of Emacs.
A client has one before it is connected, if no name has to be looked up."
  (pcase (netproc--link-status link)
    ('connect (plist-get (netproc--link-contact link) :remote))
    (status (not (memq status '(closed failed))))))

(defun netproc--contact (original process &optional key no-block)
  "Return the contact of PROCESS for KEY, or call ORIGINAL.
NO-BLOCK is as for `process-contact'."
  (let ((link (netproc--link process)))
    (cond
     ((not link) (funcall original process key no-block))
     ((and no-block (not (netproc--has-socket-p link)))
      nil)
     (t
      (unless (netproc--has-socket-p link)
        (netproc--await-connection link))
      (when (and (eq (netproc--link-kind link) 'datagram)
                 (memq key '(t :remote))
                 (eq (netproc--link-status link) 'open))
        (let ((target (netproc--target-of link)))
          (when target
            (plist-put (netproc--link-contact link) :remote target))))
      (if key
          (funcall original process key)
        (let ((contact (netproc--link-contact link)))
          (list (plist-get contact :host) (plist-get contact :service))))))))

(defun netproc--set-filter (original process filter)
  "Set the filter of PROCESS to FILTER by ORIGINAL."
  (let ((link (netproc--link process))
        (was (and (processp process) (process-filter process))))
    (prog1 (funcall original process filter)
      (when link
        (netproc--prepare-decoding process link))
      (when (and link (not (eq (eq was t) (eq filter t))))
        (netproc--read (netproc--link-number link) (not (eq filter t)))
        (unless (eq filter t)
          (netproc--resume link))))))

(defun netproc--set-buffer (original process buffer)
  "Set the buffer of PROCESS to BUFFER by ORIGINAL."
  (let ((link (netproc--link process)))
    (prog1 (funcall original process buffer)
      (when link
        (netproc--prepare-decoding process link)))))

(defun netproc--stop-process (original &optional process group)
  "Stop PROCESS by ORIGINAL, given GROUP."
  (netproc--as-object
   (lambda (process group)
     (prog1 (funcall original process group)
       (when (netproc--link process)
         (netproc--stop (netproc--link-number (netproc--link process)) t))))
   process group))

(defun netproc--continue-process (original &optional process group)
  "Continue PROCESS by ORIGINAL, given GROUP."
  (netproc--as-object
   (lambda (process group)
     (prog1 (funcall original process group)
       (let ((link (netproc--link process)))
         (when link
           (netproc--stop (netproc--link-number link) nil)
           (netproc--resume link)))))
   process group))

(defun netproc--delete-of (buffer)
  "Delete our processes that have BUFFER."
  (let (process)
    (while (setq process (cl-find buffer netproc--live :key #'process-buffer))
      (netproc--delete process (netproc--link process)))))

(defun netproc--kill-buffer (original &optional designator)
  "Kill the buffer that DESIGNATOR means by ORIGINAL, and our processes of it.
Some buffers are killed without their hooks."
  (let ((buffer (cond
                 ((not netproc--live) nil)
                 ((stringp designator) (get-buffer designator))
                 (t (or designator (current-buffer))))))
    (prog1 (funcall original designator)
      (when (and (bufferp buffer) (not (buffer-live-p buffer)))
        (netproc--delete-of buffer)))))

(defun netproc--make-other (original &rest arguments)
  "Make a process that is not ours, by ORIGINAL with ARGUMENTS.
Its name is none of ours."
  (let* ((name (and netproc--live (plist-get arguments :name)))
         (unique (if (stringp name) (netproc--unique name) name)))
    (if (eq unique name)
        (apply original arguments)
      (let* ((process (apply original
                             (plist-put (copy-sequence arguments) :name unique)))
             (contact (and (processp process) (process-contact process t))))
        ;; Of a program it is t.
        (when (and (consp contact) (plist-member contact :name))
          (plist-put contact :name name))
        process))))

(defun netproc--set-option-of (original process option value &optional no-error)
  "Set OPTION of PROCESS to VALUE, or call ORIGINAL.
If there is no such option, that is an error unless NO-ERROR."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process option value no-error)
      (netproc--await-connection link)
      (when (memq (netproc--link-status link) '(closed failed))
        (error "Process is not running"))
      (unless (symbolp option)
        (signal 'wrong-type-argument (list 'symbolp option)))
      (cond
       ((and (not (memq option (netproc--unknown-options)))
             (netproc--set-option (netproc--link-number link) option value))
        (plist-put (netproc--link-contact link) option value)
        t)
       ((not no-error) (error "Unknown or unsupported option"))))))

(defun netproc--boot (original process type parameters)
  "Encrypt PROCESS by TYPE and PARAMETERS, or call ORIGINAL."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process type parameters)
      (netproc--await-connection link)
      (setf (netproc--link-peer link)
            (netproc--await (netproc--start-tls (netproc--link-number link)
                                                (cons type parameters)))
            (netproc--link-encrypted link) t)
      t)))

(defun netproc--default-sentinel (original process message)
  "Insert MESSAGE for PROCESS by ORIGINAL, unless the process is well."
  (let ((link (netproc--link process)))
    (unless (and link (eq (netproc--link-status link) 'open))
      (funcall original process message))))

(defmacro netproc--for-ours (process link form)
  "Return advice for a function of PROCESS: FORM, if that is ours.
LINK is bound to what is known of it then."
  (declare (indent 2))
  `(lambda (original ,process &rest arguments)
     (let ((,link (netproc--link ,process)))
       (ignore ,process)
       (if ,link ,form (apply original ,process arguments)))))

(defun netproc--as-object (original &optional process &rest arguments)
  "Call ORIGINAL with the object that PROCESS means, and ARGUMENTS.
Only objects are connections to it; names and buffers are subprocesses."
  (let ((ours (netproc--designated process)))
    (if (and ours (not (processp process)))
        (error "Process %s is not a subprocess" (process-name ours))
      (apply original process arguments))))

(provide 'netproc-companions)
;;; netproc-companions.el ends here
