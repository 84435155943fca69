;;; netproc-wait.el --- Wait for processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What Lisp waits for, with `accept-process-output' or because a function
;; blocks, comes from other threads; Emacs waits at the pipe.

;;; Code:

(require 'netproc-events)

(declare-function netproc--forget "libnetproc_emacs")
(declare-function netproc--ring "libnetproc_emacs")

(defmacro netproc--within (scope &rest body)
  "Evaluate BODY with SCOPE as `netproc--scope'.
What was held back is delivered afterwards, however that is left."
  (declare (indent 1))
  `(unwind-protect
       (let ((netproc--scope ,scope))
         ,@body)
     (when netproc--queue
       (netproc--ring))))

(defun netproc--await (number)
  "Wait for the reply to request NUMBER, and return its value.
Timers run meanwhile, and \\[keyboard-quit] gives up."
  (let ((reply nil))
    (unwind-protect
        (netproc--within 'none
          (while (not (setq reply (gethash number netproc--replies)))
            (netproc--wait-at-pipe t)))
      (remhash number netproc--replies)
      (unless reply
        (netproc--forget number)))
    (if (car reply)
        (signal (car (cadr reply)) (cdr (cadr reply)))
      (cadr reply))))

(defun netproc--wait-at-pipe (&optional just-this-one)
  "Wait until there is news of the module.
If JUST-THIS-ONE, let nothing happen on other processes meanwhile."
  (unless (process-live-p netproc--pipe)
    (error "The pipe of netproc is closed"))
  (accept-process-output netproc--pipe (netproc--patience) nil just-this-one))

(defun netproc--patience ()
  "Return how long to wait at the pipe before looking again, in seconds."
  ;; Another thread may read what this one is waiting for.
  (if (cdr (all-threads)) 0.02 netproc--long))

(defun netproc--await-event (number)
  "Wait for the first event of the process with NUMBER, and return it.
It is taken from the queue."
  (let ((event nil))
    (netproc--within 'none
      (while (not (setq event (assq number netproc--queue)))
        (netproc--wait-at-pipe t))
      (setq netproc--queue (delq event netproc--queue)))
    event))

(defun netproc--await-connection (link)
  "Wait until the process of LINK is connected or has failed."
  (when (eq (netproc--link-status link) 'connect)
    (netproc--within nil
      (netproc--deliver)
      (while (eq (netproc--link-status link) 'connect)
        (netproc--wait-at-pipe)))))

(defun netproc--accept-output (original &optional process seconds millisec
                                        just-this-one)
  "Wait for output of PROCESS for SECONDS and MILLISEC.
If JUST-THIS-ONE, do so for no other.  ORIGINAL waits for all but ours."
  (let ((link (and process (netproc--link process))))
    (cond
     ((or (not netproc--pipe)
          (not (or link (null process))))
      (funcall original process seconds millisec just-this-one))
     (link
      (netproc--check-thread process)
      (netproc--leavable
        (netproc--accept-from original process link
                              (netproc--limit seconds millisec) just-this-one)))
     (t
      (netproc--leavable
        (netproc--accept-any original (netproc--limit seconds millisec)))))))

(defun netproc--check-thread (process)
  "Signal an error if only another thread may wait for PROCESS."
  (let ((thread (process-thread process)))
    (when (and thread
               (thread-live-p thread)
               (not (eq thread (current-thread))))
      (error "Attempt to accept output from process %s locked to thread %s"
             (process-name process)
             (or (thread-name thread) (prin1-to-string thread))))))

(defun netproc--limit (seconds millisec)
  "Return SECONDS and MILLISEC, one of which may be nil, in seconds."
  (when millisec
    (unless (fixnump millisec)
      (signal 'wrong-type-argument (list 'fixnump millisec)))
    (unless (or (null seconds) (fixnump seconds))
      (signal 'wrong-type-argument (list 'fixnump seconds)))
    (setq seconds (+ (or seconds 0) (/ millisec 1000.0))))
  (unless (or (null seconds) (fixnump seconds) (floatp seconds))
    (signal 'wrong-type-argument (list 'numberp seconds)))
  seconds)

(defconst netproc--moment 0.001
  "How long to look for what is there already, in seconds.
It has to come from another thread.")

(defun netproc--accept-from (original process link limit just-this-one)
  "Wait with ORIGINAL up to LIMIT seconds for output of PROCESS.
LINK belongs to it.  JUST-THIS-ONE is as for `accept-process-output'."
  (let ((before (netproc--link-received link))
        (end (and limit (+ (float-time) (max limit netproc--moment))))
        (left (or limit netproc--long)))
    ;; Where nothing can arrive any more, or ever, nothing happens at all.
    (when (netproc--hears-p link)
      (netproc--within (and just-this-one process)
        (netproc--deliver)
        (while (and left
                    (= before (netproc--link-received link))
                    (netproc--hears-p link))
          (funcall original netproc--pipe (max (min left (netproc--patience)) 0)
                   nil just-this-one)
          (when end
            (setq left (- end (float-time)))
            (unless (> left 0)
              (setq left nil))))))
    (/= before (netproc--link-received link))))

(defun netproc--hears-p (link)
  "Tell whether text can arrive on the process of LINK, now or later."
  (not (memq (netproc--link-status link) '(closed failed listen))))

(defun netproc--accept-any (original limit)
  "Wait with ORIGINAL up to LIMIT seconds for output of any process."
  (let* ((netproc--scope nil)
         (before netproc--outputs)
         (end (+ (float-time) (max (or limit 0) netproc--moment)))
         (answer nil)
         (left nil))
    (netproc--deliver)
    (setq answer (/= before netproc--outputs))
    (while (not answer)
      (setq left (- end (float-time))
            answer (funcall original nil (max left 0)))
      (cond
       ((/= before netproc--outputs) (setq answer t))
       ;; The pipe had something to say, but it was no output.
       ((and answer (not (netproc--others)))
        (setq answer (if (> left 0) nil 'none)))
       ((not answer) (setq answer 'none))))
    (eq answer t)))

(provide 'netproc-wait)
;;; netproc-wait.el ends here
