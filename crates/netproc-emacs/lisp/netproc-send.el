;;; netproc-send.el --- Send on processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Sending never waits: what the peer does not take is queued.

;;; Code:

(require 'netproc-wait)

(declare-function netproc--stop "libnetproc_emacs")
(declare-function netproc--set-target "libnetproc_emacs")
(declare-function netproc--drain "libnetproc_emacs")
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
      (let* ((link (netproc--running process (netproc--link process)))
             (encoded (netproc--encode link string)))
        (unless (equal string "")
          (netproc--aim process link))
        (condition-case failure
            (unless (or (netproc--send (netproc--link-number link) encoded)
                        (equal string ""))
              (netproc--send-late process link))
          (file-error
           (signal (car failure)
                   (mapcar (lambda (part)
                             (if (eq part 'netproc--self) process part))
                           (cdr failure))))
          (error
           (if (string-suffix-p " not running" (error-message-string failure))
               (netproc--send-late process link)
             (netproc--cut-off link)
             (signal (car failure) (cdr failure))))))
      nil)))

(defun netproc--aim (process link)
  "Have PROCESS, with LINK, send where Lisp was told, if it sends datagrams.
The module may have heard of others since."
  (let ((target (netproc--link-target link)))
    (when (and target
               (not (netproc--set-target (netproc--link-number link) target)))
      ;; It is a name of zeros.
      (signal 'file-error
              (list "Writing to process"
                    (if (= (length (cdr target)) 26)
                        "Destination address required"
                      "Invalid argument")
                    process)))))

(defun netproc--encode (link string)
  "Return STRING as the module has to be given it for the process of LINK."
  (let ((system (netproc--link-encoding link)))
    (cond
     ((not (and system (multibyte-string-p string))) string)
     ;; The first text completes the name.
     ((vectorp (coding-system-eol-type system))
      (setf (netproc--link-encoding link)
            (coding-system-change-eol-conversion system 'unix))
      (netproc--encode link string))
     (t (encode-coding-string string system)))))

(defun netproc--cut-off (link)
  "Note that nothing can be sent on the process of LINK any more."
  (setf (netproc--link-status link) 'closed
        (netproc--link-exit link) 256)
  ;; The sentinel hears of it even if the process is stopped.
  (netproc--stop (netproc--link-number link) nil)
  (netproc--resume link))

(defun netproc--send-late (process link)
  "Act as Emacs does when PROCESS, with LINK, is sent to after its end."
  (cond
   ;; After the end that was sent, all else goes nowhere.
   ((netproc--link-ended link) nil)
   ;; The first bytes for a peer that has gone are taken by the system, but
   ;; for local sockets, which know at once.
   ((not (or (netproc--link-late link)
             (let ((contact (netproc--link-contact link)))
               (or (eq (plist-get contact :family) 'local)
                   (stringp (plist-get contact :remote))))))
    (setf (netproc--link-late link) t))
   (t
    (netproc--cut-off link)
    ;; Emacs says it so.
    (signal 'error
            (list (format "process %s no longer connected to pipe; closed it"
                          (process-name process)))))))

(defcustom netproc-exit-patience 10
  "How many seconds Emacs waits at its end for what is still to be sent."
  :type 'number
  :group 'netproc)

(defun netproc--drain-all ()
  "Send what is still to be sent, before Emacs ends."
  (let ((end (+ (float-time) netproc-exit-patience)))
    (while (and (not (netproc--drain 50))
                (< (float-time) end)))))

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
          (setf (netproc--link-ended link) t)
          ;; It may have ended, with nobody told of that yet.
          (ignore-errors
            (netproc--send-eof (netproc--link-number link)))))
      (or designator process))))

(provide 'netproc-send)
;;; netproc-send.el ends here
