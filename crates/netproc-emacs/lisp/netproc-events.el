;;; netproc-events.el --- What happens on processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; The module writes into a pipe process when it has something to tell.
;; Lisp takes out what is there whenever Emacs waits, and calls filters,
;; sentinels and log functions.

;;; Code:

(require 'cl-lib)
(require 'netproc-link)
(require 'netproc-coding)
(require 'netproc-garbage)

(declare-function netproc--forget "libnetproc_emacs")
(declare-function netproc--ring "libnetproc_emacs")
(declare-function netproc--take "libnetproc_emacs")
(declare-function nsm-verify-connection "nsm")

(defun netproc--wake (_pipe _string)
  "Deliver what the module has told; the filter of the pipe."
  (netproc--collect)
  (netproc--deliver))

(defun netproc--collect ()
  "Take over what the module has told."
  (let (events)
    (dolist (event (netproc--take))
      (if (eq (cadr event) 'reply)
          (puthash (car event) (cddr event) netproc--replies)
        (push event events)))
    (when events
      (setq netproc--queue (nconc netproc--queue (nreverse events))))))

(defun netproc--next ()
  "Remove from the queue the next event that may be delivered."
  (pcase netproc--scope
    ('nil (pop netproc--queue))
    ('none nil)
    (process
     (let* ((number (netproc--link-number (netproc--link process)))
            (event (assq number netproc--queue)))
       (when event
         (setq netproc--queue (delq event netproc--queue)))
       event))))

(defun netproc--deliver ()
  "Tell filters, sentinels and log functions what happened."
  (let (;; No event is lost between the queue and its function.
        (inhibit-quit t)
        (event nil))
    (while (setq event (netproc--next))
      ;; If this one waits, the others are delivered meanwhile; and if it
      ;; leaves by a throw, when Emacs waits the next time.
      (when netproc--queue
        (netproc--ring))
      (let ((process (gethash (car event) netproc--numbers)))
        (cond
         (process
          (netproc--happen process (netproc--link process) event))
         ;; Who connected to a server that is gone meanwhile is turned away.
         ((eq (nth 1 event) 'log)
          (netproc--turn-away event)))))))

(defun netproc--turn-away (event)
  "Close the connection in EVENT, which its server is not there to take."
  (let ((number (nth 3 event)))
    (when number
      (netproc--forget number))))

(defun netproc--happen (process link event)
  "Do what EVENT means for PROCESS, which LINK belongs to."
  (cond
   ((and (netproc--link-fault link) (eq (nth 1 event) 'changed))
    (push event netproc--queue)
    (netproc--ring)
    (netproc--tell-fault link))
   ((and (or (eq (process-command process) t)
             (and (eq (process-filter process) t)
                  (not (eq (netproc--link-status link) 'listen))))
         ;; Whether a connection is made is seen all the same.
         (not (and (eq (nth 1 event) 'changed)
                   (or (memq (netproc--link-status link) '(connect closed))
                       (string-prefix-p "open" (nth 2 event))))))
    (setf (netproc--link-held link)
          (nconc (netproc--link-held link) (list event))))
   (t
    (pcase event
      (`(,_ data)
       (netproc--hear process link event))
      (`(,_ changed ,message ,exit ,facts ,peer)
       (when peer
         (setf (netproc--link-peer link) peer))
       (netproc--change process link message exit facts))
      (`(,_ log ,message . ,connection)
       (netproc--log process message connection))))))

(defun netproc--tell-fault (link)
  "Signal that the process of LINK was given a coding system that is none."
  (condition-case failure
      (check-coding-system (prog1 (netproc--link-fault link)
                             (setf (netproc--link-fault link) nil)))
    (error (netproc--leave failure))))

(defun netproc--hear (process link event)
  "Give the filter of PROCESS, with LINK, what EVENT has brought."
  (netproc--prepare-decoding process link)
  (pcase (netproc--receive link)
    (`(,text ,more)
     ;; What is over the limit of a read comes before all else.
     (when more
       (push event netproc--queue))
     (cl-incf (netproc--link-received link))
     (cl-incf netproc--outputs)
     (when text
       (netproc--stream)
       (netproc--filter process text)))))

(defun netproc--filter (process text)
  "Give TEXT to the filter of PROCESS."
  (netproc--call "error in process filter: "
                 (process-filter process) process text))

(defun netproc--resume (link)
  "Deliver what LINK has held, the next time Emacs waits."
  (when (netproc--link-held link)
    (setq netproc--queue (nconc (netproc--link-held link) netproc--queue))
    (setf (netproc--link-held link) nil)
    (netproc--ring)))

(defun netproc--call (context function &rest arguments)
  "Run FUNCTION with ARGUMENTS, in the way of filters and sentinels.
CONTEXT is how the report of an error begins."
  (let ((inhibit-quit t)
        (last-nonmenu-event t)
        (deactivate-mark deactivate-mark))
    (save-current-buffer
      (save-match-data
        (if debug-on-error
            (apply function arguments)
          (condition-case failure
              (apply function arguments)
            ((error quit) (netproc--report failure context))))))))

(defvar netproc--leaving nil
  "Whether somebody waits whom a failure can reach.")

(defmacro netproc--leavable (&rest body)
  "Evaluate BODY, which waits, and signal a failure out of that."
  `(let* ((value nil)
          (failure (catch 'netproc--leave
                     (let ((netproc--leaving t))
                       (setq value (progn ,@body)))
                     nil)))
     (when failure
       (signal (car failure) (cdr failure)))
     value))

(defun netproc--leave (failure)
  "Leave the wait with FAILURE, which no function of Emacs is to catch."
  (if netproc--leaving
      (throw 'netproc--leave failure)
    (funcall command-error-function failure "" nil)))

(defun netproc--report (failure context)
  "Show FAILURE of a callback as Emacs does; CONTEXT is how it begins."
  (funcall command-error-function failure context nil)
  ;; Emacs writes it anew into the echo area.
  (when (current-message)
    (message "%s" (current-message)))
  (let ((pause (if (boundp 'process-error-pause-time)
                   (symbol-value 'process-error-pause-time)
                 2)))
    (when (> pause 0)
      (sleep-for pause))))

(defun netproc--change (process link message exit facts)
  "Note that PROCESS, with LINK, has changed, and call its sentinel.
MESSAGE, EXIT and FACTS are what the module told."
  (let ((was (netproc--link-status link))
        (host (netproc--link-misnamed link)))
    (when host
      (setq message (string-replace netproc--nobody host message)
            exit (if (stringp exit)
                     (string-replace netproc--nobody host exit)
                   exit)))
    (unless (or (eq was 'connect) (string-prefix-p "open" message))
      (let ((text (netproc--last-text link)))
        (unless (equal text "")
          (netproc--filter process text))))
    ;; Its socket was made just before.
    (when (and (eq was 'connect)
               (netproc--looked-up-p link)
               (string-match-p "\\`\\(?:open\\|failed with code\\)" message))
      (netproc--mark-end process))
    (cond
     ((string-prefix-p "open" message)
      (setf (netproc--link-status link) 'open)
      (netproc--learn link facts)
      (when (or (netproc--link-opened link)
                (and (equal message "open\n")
                     (not (netproc--trusted process link))))
        (setq message nil)))
     ((string-prefix-p "failed" message)
      (setf (netproc--link-status link) (if (eq was 'connect) 'failed 'closed)
            (netproc--link-exit link) exit)
      (netproc--learn link facts)
      (netproc--release process link))
     (t
      (setf (netproc--link-status link) 'closed
            (netproc--link-exit link) 256)
      (netproc--release process link)))
    (when (and (eq (netproc--link-status link) 'closed)
               delete-exited-processes)
      (netproc--hide process))
    (when message
      (netproc--tell process message))))

(defun netproc--tell (process message)
  "Call the sentinel of PROCESS with MESSAGE."
  (netproc--call "error in process sentinel: "
                 (process-sentinel process) process message))

(defun netproc--trusted (process link)
  "Tell whether the user trusts the TLS peer of PROCESS, which LINK belongs to.
If not, PROCESS has failed."
  (or (not (netproc--link-encrypted link))
      (not (fboundp 'nsm-verify-connection))
      (let ((contact (netproc--link-contact link)))
        (nsm-verify-connection process
                               (plist-get contact :host)
                               (plist-get contact :service)))
      (progn
        (netproc--delete process link)
        (setf (netproc--link-status link) 'failed
              (netproc--link-exit link)
              "The Network Security Manager stopped the connections")
        nil)))

(defun netproc--log (server message connection)
  "Note that SERVER has accepted CONNECTION, and call its log function.
MESSAGE is what the function is told."
  (let ((process (and connection
                      (apply #'netproc--accept server connection)))
        (log (plist-get (netproc--link-contact (netproc--link server)) :log)))
    (when process
      (setf (netproc--link-opened (netproc--link process)) t))
    (when log
      (save-current-buffer
        (save-match-data
          (condition-case failure
              (let ((inhibit-quit t))
                (funcall log server process message))
            ((error quit)
             ;; Emacs does not come to telling the sentinel then.
             (setq process nil)
             (netproc--leave failure))))))
    (when process
      (netproc--tell process
                     (replace-regexp-in-string "\\`accept" "open" message)))))

(defun netproc--accept (server number name facts)
  "Make the process object of a connection that SERVER accepted.
NUMBER, NAME and FACTS are what the module told of it."
  (let* ((filter (process-filter server))
         ;; The module may know the server by another name.
         (id (and (string-match "\\( <[^<> ]*>\\)\\(?:<[0-9]+>\\)?\\'" name)
                  (match-string 1 name)))
         (process (netproc--object
                   (netproc--unique (concat (process-name server) id))
                   (process-plist server)))
         (link (netproc--make-link
                :number number
                :status 'open
                :kind (netproc--link-kind (netproc--link server))
                :decoding (netproc--link-decoding (netproc--link server))
                :encoding (netproc--link-encoding (netproc--link server))))
         (contact (copy-sequence
                   (netproc--link-contact (netproc--link server))))
         (buffer (process-buffer server)))
    (while facts
      (setq contact (plist-put contact (car facts) (cadr facts))
            facts (cddr facts)))
    (netproc--dress process link filter (process-sentinel server)
                    (and (memq filter '(internal-default-process-filter t))
                         (get-buffer-create
                          (concat (if (buffer-live-p buffer)
                                      (buffer-name buffer)
                                    (process-name server))
                                  id)))
                    contact)
    (set-marker (process-mark process) nil)
    (set-process-query-on-exit-flag process t)
    (set-process-inherit-coding-system-flag
     process (process-inherit-coding-system-flag server))
    (netproc--enlist process number link)
    (netproc--prepare-decoding process link t)
    (let ((multibyte (netproc--multibyte server (netproc--link server))))
      (unless (eq (netproc--multibyte process link) multibyte)
        (netproc--set-filter-multibyte #'ignore process multibyte)))
    (netproc--show process)
    process))

(defun netproc--delete (process link)
  "Delete PROCESS, which LINK belongs to, and tell its sentinel."
  (let ((status (netproc--link-status link)))
    (setf (netproc--link-status link) 'closed
          (netproc--link-exit link) 0)
    (when (gethash (netproc--link-number link) netproc--numbers)
      (netproc--release process link))
    (when (memq process netproc--live)
      (netproc--hide process)
      (unless (and (eq status 'closed) delete-exited-processes)
        (netproc--tell process "deleted\n")))
    nil))

(provide 'netproc-events)
;;; netproc-events.el ends here
