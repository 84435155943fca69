;;; netproc-send.el --- Send on processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Sending never waits: what the peer does not take is queued.

;;; Code:

(require 'netproc-wait)

(declare-function netproc--send "libnetproc_emacs")
(declare-function netproc--send-eof "libnetproc_emacs")

(defun netproc--running (process link)
  "Return LINK if PROCESS, which it belongs to, can be sent to."
  (netproc--await-connection link)
  (if (eq (netproc--link-status link) 'open)
      link
    (error "Process %s not running" (process-name process))))

(defun netproc--send-string (original designator string)
  "Send STRING to DESIGNATOR if that is ours, else call ORIGINAL."
  (let ((process (netproc--designated designator)))
    (if (not process)
        (funcall original designator string)
      (unless (stringp string)
        (signal 'wrong-type-argument (list 'stringp string)))
      (let ((link (netproc--running process (netproc--link process))))
        (condition-case failure
            (unless (or (netproc--send (netproc--link-number link)
                                       (netproc--encode link string))
                        (equal string ""))
              (netproc--send-late process link))
          (file-error
           (signal (car failure)
                   (mapcar (lambda (part)
                             (if (eq part 'netproc--self) process part))
                           (cdr failure))))))
      nil)))

(defun netproc--encode (link string)
  "Return STRING as the module has to be given it for the process of LINK."
  (let ((system (netproc--link-encoding link)))
    (if (and system (multibyte-string-p string))
        (encode-coding-string string system)
      string)))

(defun netproc--send-late (process link)
  "Act as Emacs does when PROCESS, with LINK, is sent to after its end."
  (if (not (netproc--link-late link))
      (setf (netproc--link-late link) t)
    (setf (netproc--link-status link) 'closed
          (netproc--link-exit link) 256)
    ;; Emacs says it so.
    (signal 'error
            (list (format "process %s no longer connected to pipe; closed it"
                          (process-name process))))))

(defun netproc--send-region (original designator start end)
  "Send the text from START to END to DESIGNATOR, or call ORIGINAL."
  (if (netproc--designated designator)
      (netproc--send-string original designator
                            (buffer-substring-no-properties start end))
    (funcall original designator start end)))

(defun netproc--end (original &optional designator)
  "End what is sent to DESIGNATOR if that is ours, else call ORIGINAL."
  (let ((process (netproc--designated designator)))
    (if (not process)
        (funcall original designator)
      (let ((link (netproc--running process (netproc--link process))))
        (unless (eq (netproc--link-kind link) 'datagram)
          (netproc--send-eof (netproc--link-number link))))
      (or designator process))))

(provide 'netproc-send)
;;; netproc-send.el ends here
