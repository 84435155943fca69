;;; netproc.el --- Network processes on threads of their own  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; With `netproc-mode' on, network processes are made by the module
;; netproc: names are looked up, connections made, handshakes held and
;; text decoded on threads beside Emacs, which is told when something is
;; there.  Lisp programs need no change.  Turned off, everything is as
;; before; processes that are open then stay as they are.
;;
;; `netproc-make-network-process' makes a single process so, whether or
;; not the mode is on.
;;
;; How it works: a process object of ours is a real process object of
;; Emacs that was deleted at once.  It keeps what Lisp hangs on it (name,
;; buffer, mark, filter, sentinel, properties) without any help.  What
;; Emacs would answer wrongly for a dead object, its status for example,
;; is answered here, by advice on the functions in `netproc--companions'.
;; The module wakes Emacs through a pipe process, so filters and sentinels
;; run when Emacs waits, and never in between.

;;; Code:

(require 'cl-lib)
(require 'subr-x)

(unless (featurep 'netproc-module)
  (unless (bound-and-true-p module-file-suffix)
    (error "This Emacs cannot load modules"))
  (load (concat "libnetproc_emacs" module-file-suffix) nil t t))

(declare-function netproc--start "libnetproc_emacs")
(declare-function netproc--ring "libnetproc_emacs")
(declare-function netproc--take "libnetproc_emacs")
(declare-function netproc--open "libnetproc_emacs")
(declare-function netproc--forget "libnetproc_emacs")
(declare-function netproc--send "libnetproc_emacs")
(declare-function netproc--send-eof "libnetproc_emacs")
(declare-function netproc--queued "libnetproc_emacs")
(declare-function netproc--stop "libnetproc_emacs")
(declare-function netproc--read "libnetproc_emacs")
(declare-function netproc--coding "libnetproc_emacs")
(declare-function netproc--set-coding "libnetproc_emacs")
(declare-function netproc--multibyte-p "libnetproc_emacs")
(declare-function netproc--set-multibyte "libnetproc_emacs")
(declare-function netproc--set-option "libnetproc_emacs")
(declare-function netproc--target "libnetproc_emacs")
(declare-function netproc--set-target "libnetproc_emacs")
(declare-function netproc--look-up "libnetproc_emacs")
(declare-function netproc--start-tls "libnetproc_emacs")
(declare-function netproc--reload-tls "libnetproc_emacs")
(declare-function netproc--peer-status "libnetproc_emacs")
(declare-function nsm-verify-connection "nsm")

(defgroup netproc nil
  "Network processes on threads of their own."
  :group 'processes
  :prefix "netproc-")

;;; What is known of a process

(cl-defstruct (netproc--link (:constructor netproc--make-link) (:copier nil))
  "What we know of a process that its object does not."
  (number 0 :documentation "Its number in the module.")
  (status 'connect :documentation "As `process-status', but for stop.")
  (exit 0 :documentation "As `process-exit-status'.")
  (kind nil :documentation "Its `:type'.")
  (contact nil :documentation "Its contact, the very list that Emacs has.")
  (received 0 :documentation "How often text arrived.")
  (held nil :documentation "What happened while it was stopped.")
  (coding nil :documentation "Its coding systems, if the module has others.")
  (late nil :documentation "Whether something was sent after its end.")
  (encrypted nil :documentation "Whether it is encrypted."))

(defvar netproc--links (make-hash-table :test #'eq :weakness 'key)
  "Maps process objects to what is known of them.")

(defvar netproc--numbers (make-hash-table)
  "Maps numbers to process objects, as long as something can happen to them.")

(defvar netproc--names (make-hash-table :test #'equal)
  "Maps names to the process objects in `netproc--live'.")

(defvar netproc--taken (make-hash-table :test #'equal)
  "Maps names to how many numbers after them are taken without a gap.")

(defvar netproc--live nil
  "Our process objects that `process-list' shows, the newest first.")

(defvar netproc--pipe nil
  "The pipe process through which the module wakes Emacs.")

(defvar netproc--queue nil
  "What the module told and nobody was told of yet, the oldest first.")

(defvar netproc--replies (make-hash-table)
  "Maps numbers of requests to replies, as (ERRORP VALUE).")

(defconst netproc--long 3600
  "A long time, in seconds.
Emacs warns of waits without end inside of filters.")

(defvar netproc--scope nil
  "Whose events may be delivered: nil all, a process its own, `none' none.")

(defvar netproc--outputs 0
  "How often text arrived on any process of ours.")

(defsubst netproc--link (process)
  "Return what is known of PROCESS, or nil if it is not ours."
  (gethash process netproc--links))

;;;###autoload
(defun netproc-process-p (object)
  "Tell whether OBJECT is a process of the module netproc."
  (and (netproc--link object) t))

(defun netproc--status (process link)
  "Return the status of PROCESS, which LINK belongs to."
  (let ((status (netproc--link-status link)))
    (if (and (eq (process-command process) t) (not (eq status 'closed)))
        'stop
      status)))

(defun netproc--enlist (process number link)
  "Put PROCESS with its NUMBER and LINK into the tables."
  (puthash process link netproc--links)
  (puthash number process netproc--numbers))

(defun netproc--show (process)
  "Have PROCESS in the list of processes."
  (push process netproc--live)
  (puthash (process-name process) process netproc--names))

(defun netproc--hide (process)
  "Take PROCESS from the list of processes."
  (when (eq (gethash (process-name process) netproc--names) process)
    (remhash (process-name process) netproc--names)
    ;; Its number may be the lowest now.
    (when (string-suffix-p ">" (process-name process))
      (clrhash netproc--taken)))
  (setq netproc--live (delq process netproc--live)))

(defun netproc--release (process link)
  "Let go of what the module has of PROCESS, which LINK belongs to."
  (let ((number (netproc--link-number link)))
    (unless (netproc--link-coding link)
      (setf (netproc--link-coding link) (netproc--coding number)))
    (remhash number netproc--numbers)
    (netproc--forget number)
    (setf (netproc--link-held link) nil)
    process))

;;; Process objects

(defconst netproc--nowhere " *netproc*"
  "The name of a buffer for processes that are about to get another.")

(defun netproc--unique (name)
  "Return NAME, or NAME with the lowest number that no process has."
  (let ((unique name)
        (number 0))
    (while (or (gethash unique netproc--names) (get-process unique))
      (setq number (if (= number 0)
                       (1+ (gethash name netproc--taken 0))
                     (1+ number))
            unique (format "%s<%d>" name number)))
    (when (> number 0)
      (puthash name number netproc--taken))
    unique))

(defun netproc--object (name)
  "Return a new process object called NAME, which Emacs takes for dead."
  (let* ((inhibit-quit t)
         (process (make-pipe-process :name name
                                     :buffer netproc--nowhere
                                     :noquery t
                                     :coding 'no-conversion
                                     :filter #'ignore
                                     :sentinel #'ignore)))
    (delete-process process)
    (set-process-buffer process nil)
    (set-marker (process-mark process) nil)
    process))

(defun netproc--dress (process link filter sentinel buffer plist contact)
  "Give PROCESS its FILTER, SENTINEL, BUFFER, PLIST and CONTACT.
LINK is what is to be known of it."
  (set-process-filter process filter)
  (set-process-sentinel process sentinel)
  (when buffer
    (set-process-buffer process buffer))
  (set-process-plist process plist)
  ;; This list is the one that Emacs itself brings up to date.
  (let ((stored (process-contact process t)))
    (setcar stored (car contact))
    (setcdr stored (cdr contact))
    (setf (netproc--link-contact link) stored)))

(defun netproc--learn (link facts)
  "Note in the contact that LINK has what FACTS, a property list, say."
  (let ((contact (netproc--link-contact link)))
    (while facts
      (unless (and (plist-member contact (car facts))
                   (equal (plist-get contact (car facts)) (cadr facts)))
        (plist-put contact (car facts) (cadr facts)))
      (setq facts (cddr facts)))))

(defun netproc--ready ()
  "Have the module wake us, and the companions know our processes."
  (unless (and netproc--pipe (process-live-p netproc--pipe))
    (let ((pipe (make-pipe-process :name " netproc"
                                   :buffer netproc--nowhere
                                   :noquery t
                                   :coding 'no-conversion
                                   :filter #'netproc--wake
                                   :sentinel #'ignore)))
      (set-process-buffer pipe nil)
      (set-process-thread pipe nil)
      (netproc--start pipe)
      (setq netproc--pipe pipe)))
  (netproc--route))

;;; What happens

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

(defcustom netproc-streaming-garbage (* 32 1024 1024)
  "How many bytes of garbage Emacs may leave while much text arrives.
Text comes in large pieces, and collecting garbage after every few takes
most of the time.  So `gc-cons-threshold' is raised to this while text
arrives, and set back when none has for a second.  If nil, it is not."
  :type '(choice (const :tag "Leave it to Emacs" nil) natnum))

(defconst netproc--streaming-pieces 32
  "How many pieces of text are much within a second.")

(defvar netproc--calm nil
  "What `gc-cons-threshold' was before much text arrived.")

(defvar netproc--pieces 0
  "How many pieces of text have arrived since somebody looked.")

(defun netproc--stream ()
  "Note that a piece of text has arrived."
  (setq netproc--pieces (1+ netproc--pieces))
  (cond
   ((= netproc--pieces 1)
    (run-at-time 1 nil #'netproc--look-at-stream))
   ((and (= netproc--pieces netproc--streaming-pieces)
         netproc-streaming-garbage
         (< gc-cons-threshold netproc-streaming-garbage))
    (setq netproc--calm gc-cons-threshold
          gc-cons-threshold netproc-streaming-garbage))))

(defun netproc--look-at-stream ()
  "Set `gc-cons-threshold' back if no more text arrives."
  (cond
   ((> netproc--pieces 1)
    (setq netproc--pieces 1)
    (run-at-time 1 nil #'netproc--look-at-stream))
   (t
    (setq netproc--pieces 0)
    (when (and netproc--calm
               (equal gc-cons-threshold netproc-streaming-garbage))
      (setq gc-cons-threshold netproc--calm))
    (setq netproc--calm nil))))

(defun netproc--deliver ()
  "Tell filters, sentinels and log functions what happened."
  (let (event)
    (while (setq event (netproc--next))
      ;; If this one waits, the others are delivered meanwhile; and if it
      ;; leaves by a throw, when Emacs waits the next time.
      (when netproc--queue
        (netproc--ring))
      (let ((process (gethash (car event) netproc--numbers)))
        (when process
          (netproc--happen process (netproc--link process) event))))))

(defun netproc--happen (process link event)
  "Do what EVENT means for PROCESS, which LINK belongs to."
  (cond
   ((let ((buffer (process-buffer process)))
      (and buffer (not (buffer-live-p buffer))))
    (netproc--delete process link))
   ((and (or (eq (process-command process) t)
             (and (eq (process-filter process) t)
                  (not (eq (netproc--link-status link) 'listen))))
         (not (and (eq (nth 1 event) 'changed)
                   (string-prefix-p "open" (nth 2 event)))))
    (setf (netproc--link-held link)
          (nconc (netproc--link-held link) (list event))))
   (t
    (pcase event
      (`(,_ data ,string)
       (cl-incf (netproc--link-received link))
       (cl-incf netproc--outputs)
       (netproc--stream)
       (netproc--call "error in process filter: "
                      (process-filter process) process string))
      (`(,_ changed ,message ,exit ,facts)
       (netproc--change process link message exit facts))
      (`(,_ log ,message . ,connection)
       (netproc--log process message connection))))))

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

(defun netproc--report (failure context)
  "Show FAILURE of a callback as Emacs does; CONTEXT is how it begins."
  (funcall command-error-function failure context nil)
  (let ((pause (if (boundp 'process-error-pause-time)
                   (symbol-value 'process-error-pause-time)
                 2)))
    (when (> pause 0)
      (sleep-for pause))))

(defun netproc--change (process link message exit facts)
  "Note that PROCESS, with LINK, has changed, and call its sentinel.
MESSAGE, EXIT and FACTS are what the module told."
  (let ((was (netproc--link-status link)))
    (cond
     ((string-prefix-p "open" message)
      (setf (netproc--link-status link) 'open)
      (netproc--learn link facts)
      (when (and (equal message "open\n") (not (netproc--trusted process link)))
        (setq message nil)))
     ((string-prefix-p "failed" message)
      (setf (netproc--link-status link) (if (eq was 'connect) 'failed 'closed)
            (netproc--link-exit link) exit)
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
    (when log
      (save-current-buffer
        (save-match-data
          (let ((inhibit-quit t))
            (funcall log server process message)))))))

(defun netproc--accept (server number name facts)
  "Make the process object of a connection that SERVER accepted.
NUMBER, NAME and FACTS are what the module told of it."
  (let* ((filter (process-filter server))
         (id (string-remove-prefix (process-name server) name))
         (process (netproc--object (netproc--unique name)))
         (link (netproc--make-link
                :number number
                :status 'open
                :kind (netproc--link-kind (netproc--link server))
                :coding (netproc--link-coding (netproc--link server))))
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
                    (copy-sequence (process-plist server))
                    contact)
    (set-marker (process-mark process) nil)
    (set-process-query-on-exit-flag process t)
    (set-process-inherit-coding-system-flag
     process (process-inherit-coding-system-flag server))
    (netproc--enlist process number link)
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

;;; Waiting

(defun netproc--await (number)
  "Wait for the reply to request NUMBER, and return its value.
Timers run meanwhile, and \\[keyboard-quit] gives up."
  (let ((reply nil))
    (unwind-protect
        (let ((netproc--scope 'none))
          (while (not (setq reply (gethash number netproc--replies)))
            (unless (process-live-p netproc--pipe)
              (error "The pipe of netproc is closed"))
            (accept-process-output netproc--pipe netproc--long nil t)))
      (remhash number netproc--replies)
      (unless reply
        (netproc--forget number))
      (when netproc--queue
        (netproc--ring)))
    (if (car reply)
        (signal (car (cadr reply)) (cdr (cadr reply)))
      (cadr reply))))

(defun netproc--await-connection (process link)
  "Wait until PROCESS, which LINK belongs to, is connected or has failed."
  (while (eq (netproc--link-status link) 'connect)
    (accept-process-output process nil nil nil)))

;;; Making processes

(defun netproc--coding-of (arguments buffer)
  "Return the coding systems, (DECODING . ENCODING), that Emacs would take.
ARGUMENTS is the keyword list of the process and BUFFER its buffer."
  (let* ((given (plist-get arguments :coding))
         (host (plist-get arguments :host))
         (service (plist-get arguments :service))
         (unibyte (if (bufferp buffer)
                      (not (buffer-local-value 'enable-multibyte-characters
                                               buffer))
                    (not (default-value 'enable-multibyte-characters))))
         (alist 'unknown)
         (find (lambda ()
                 (when (eq alist 'unknown)
                   (setq alist
                         (and host service (not unibyte)
                              (find-operation-coding-system
                               'open-network-stream
                               (plist-get arguments :name) buffer
                               host service))))
                 alist))
         (choose (lambda (forced half)
                   (cond
                    (forced)
                    (unibyte nil)
                    ((consp (funcall find)) (funcall half alist))
                    ((consp default-process-coding-system)
                     (funcall half default-process-coding-system))))))
    (cond
     ((consp given) given)
     (given (cons given given))
     (t (cons (funcall choose coding-system-for-read #'car)
              (funcall choose coding-system-for-write #'cdr))))))

(defun netproc--wire (arguments)
  "Return ARGUMENTS without what is no concern of the module."
  (let (wire)
    (while arguments
      (unless (and (consp (cdr arguments))
                   (memq (car arguments)
                         '(:name :buffer :filter :sentinel :log :plist
                                 :coding)))
        (push (car arguments) wire)
        (when (consp (cdr arguments))
          (push (cadr arguments) wire)))
      (setq arguments (cddr arguments)))
    (nreverse wire)))

;;;###autoload
(defun netproc-make-network-process (&rest arguments)
  "Make a network process as `make-network-process' does, but on other threads.
ARGUMENTS are those of `make-network-process', and besides:

:framing FRAMING -- Give the filter whole messages, each decoded by itself.
FRAMING is `line' or `crlf' (without the line end), `content-length' (what
follows headers that tell its length) or `netstring'.  A connection of a
server has the framing of the server.  What is left at the end is given as
it is, and so is everything after something that is no message.

All functions for network processes work on the process.

\(fn &rest ARGUMENTS)"
  (when arguments
    (netproc--ready)
    (netproc--make arguments)))

(defun netproc--make (arguments)
  "Make a network process of the keyword list ARGUMENTS."
  (let* ((contact (copy-sequence arguments))
         (name (plist-get arguments :name))
         (unique (if (stringp name) (netproc--unique name) name))
         (setting (plist-get arguments :buffer))
         (coding (netproc--coding-of arguments
                                     (if (stringp setting)
                                         (get-buffer setting)
                                       (and (buffer-live-p setting) setting))))
         (framing (plist-get arguments :framing))
         (number (netproc--open
                  (append (list :name unique
                                :coding (if framing
                                            (cons 'binary (cdr coding))
                                          coding)
                                :filter (eq (plist-get arguments :filter) t))
                          (netproc--wire arguments))
                  framing (car coding)))
         (link (netproc--make-link :number number
                                   :coding (and framing coding)
                                   :kind (plist-get arguments :type)
                                   :encrypted (plist-get arguments
                                                         :tls-parameters)))
         (process nil)
         (made nil))
    (unwind-protect
        (let ((buffer (and setting (get-buffer-create setting)))
              (plist (copy-sequence (plist-get arguments :plist))))
          (setq process (netproc--object unique))
          (netproc--dress process link
                          (plist-get arguments :filter)
                          (plist-get arguments :sentinel)
                          buffer plist contact)
          (set-process-query-on-exit-flag
           process (not (plist-get arguments :noquery)))
          (set-process-inherit-coding-system-flag
           process (and inherit-process-coding-system buffer
                        (not (plist-get arguments :coding))))
          (when (plist-get arguments :stop)
            (stop-process process))
          (netproc--enlist process number link)
          (netproc--begin link number)
          (setq made t))
      (unless made
        (when process
          (remhash process netproc--links))
        (remhash number netproc--numbers)
        (netproc--forget number)))
    (netproc--show process)
    (unless (plist-get arguments :nowait)
      ;; An encrypted connection is told of before it is handed out.
      (let ((event (assq number netproc--queue)))
        (when (eq (nth 1 event) 'changed)
          (setq netproc--queue (delq event netproc--queue))
          (netproc--happen process link event))))
    process))

(defun netproc--begin (link number)
  "Wait until the process of LINK is as far as its maker waits for.
NUMBER is that of the process."
  (let ((arguments (netproc--link-contact link)))
    (condition-case failure
        (netproc--learn link (netproc--await number))
      ((file-error file-missing)
       ;; The objects in the list are known here only.
       (signal (car failure)
               (if (string-match-p "\\`make .* process failed\\'"
                                   (cadr failure))
                   (append (list (nth 1 failure) (nth 2 failure)) arguments)
                 (cdr failure)))))
    (setf (netproc--link-status link)
          (cond
           ((plist-get arguments :server)
            (if (eq (netproc--link-kind link) 'datagram) 'open 'listen))
           ((and (plist-get arguments :nowait)
                 (not (and (eq (netproc--link-kind link) 'datagram)
                           (plist-get arguments :remote))))
            'connect)
           (t 'open)))))

;;; The companions

(defun netproc--designated (designator)
  "Return our process that DESIGNATOR means, if it means one of ours.
It is a process, a buffer, the name of one of these, or nil."
  (cond
   ((processp designator) (and (netproc--link designator) designator))
   ((stringp designator)
    (or (gethash designator netproc--names)
        (and (not (get-process designator))
             (get-buffer designator)
             (netproc--of-buffer (get-buffer designator)))))
   ((null designator) (netproc--of-buffer (current-buffer)))
   ((bufferp designator) (netproc--of-buffer designator))))

(defun netproc--of-buffer (buffer)
  "Return our newest process in BUFFER."
  (and (buffer-live-p buffer)
       (cl-find buffer netproc--live :key #'process-buffer :test #'eq)))

(defun netproc--running (process link)
  "Return LINK if PROCESS, which it belongs to, can be sent to."
  (netproc--await-connection process link)
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
            (unless (or (netproc--send (netproc--link-number link) string)
                        (equal string ""))
              (netproc--send-late process link))
          (file-error
           (signal (car failure)
                   (mapcar (lambda (part)
                             (if (eq part 'netproc--self) process part))
                           (cdr failure))))))
      nil)))

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

(defun netproc--accept-output (original &optional process seconds millisec
                                        just-this-one)
  "Wait for output of PROCESS for SECONDS and MILLISEC.
If JUST-THIS-ONE, do so for no other.  ORIGINAL waits for all but ours."
  (let ((link (and process (netproc--link process))))
    (cond
     ((not (or link (null process)))
      (funcall original process seconds millisec just-this-one))
     ((not netproc--pipe)
      (funcall original process seconds millisec just-this-one))
     (t
      (when (and millisec (not (fixnump seconds)))
        (signal 'wrong-type-argument (list 'fixnump seconds)))
      (unless (or (null seconds) (numberp seconds))
        (signal 'wrong-type-argument (list 'numberp seconds)))
      (let ((limit (and seconds (+ seconds (/ (or millisec 0) 1000.0)))))
        (if link
            (netproc--accept-from original process link limit just-this-one)
          (netproc--accept-any original limit)))))))

(defconst netproc--moment 0.001
  "How long to look for what is there already, in seconds.
It has to come from another thread.")

(defun netproc--accept-from (original process link limit just-this-one)
  "Wait with ORIGINAL up to LIMIT seconds for output of PROCESS.
LINK belongs to it.  JUST-THIS-ONE is as for `accept-process-output'."
  (let* ((netproc--scope (and just-this-one process))
         (before (netproc--link-received link))
         (end (and limit (+ (float-time) (max limit netproc--moment))))
         (left nil)
         (looked nil)
         (over nil))
    (netproc--deliver)
    (while (not (or over (/= before (netproc--link-received link))))
      (setq left (and end (- end (float-time))))
      (if (or (memq (netproc--link-status link) '(closed failed listen))
              (and left looked (<= left 0)))
          (setq over t)
        (funcall original netproc--pipe (if left (max left 0) netproc--long) nil
                 just-this-one)
        (setq looked t)))
    (when (and just-this-one netproc--queue)
      (netproc--ring))
    (/= before (netproc--link-received link))))

(defun netproc--others ()
  "Tell whether there are processes that are not ours."
  ;; Ours come first.
  (nthcdr (length netproc--live) (process-list)))

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
       ((and answer (> left 0) (not (netproc--others))) (setq answer nil))
       ((not answer) (setq answer 'none))))
    (eq answer t)))

(defun netproc--lookup-info (original name &optional family hints)
  "Look up NAME in FAMILY on another thread; ORIGINAL does what HINTS ask for."
  (cond
   ((or hints (not (stringp name)) (not (memq family '(nil ipv4 ipv6))))
    (if (stringp name)
        (apply original name family (and hints (list hints)))
      (signal 'wrong-type-argument (list 'stringp name))))
   ((/= (length name) (string-bytes name))
    (error "Non-ASCII hostname %s detected, please use puny-encode-domain"
           name))
   (t
    (netproc--ready)
    (condition-case failure
        (netproc--await (netproc--look-up name family))
      (error (message "%s" (error-message-string failure))
             nil)))))

(defun netproc--contact (original process &optional key no-block)
  "Return the contact of PROCESS for KEY, or call ORIGINAL.
NO-BLOCK is as for `process-contact'."
  (let ((link (netproc--link process)))
    (cond
     ((not link) (funcall original process key no-block))
     ((and no-block (memq (netproc--link-status link) '(connect closed)))
      nil)
     (t
      (netproc--await-connection process link)
      (when (and (eq (netproc--link-kind link) 'datagram)
                 (memq key '(t :remote))
                 (eq (netproc--link-status link) 'open))
        (let ((target (netproc--target (netproc--link-number link))))
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
      (when (and link (not (eq (eq was t) (eq filter t))))
        (netproc--read (netproc--link-number link) (not (eq filter t)))
        (unless (eq filter t)
          (netproc--resume link))))))

(defun netproc--stop-process (original &optional process group)
  "Stop PROCESS by ORIGINAL, given GROUP."
  (let ((link (netproc--link process)))
    (prog1 (funcall original (or (netproc--designated process) process) group)
      (when link
        (netproc--stop (netproc--link-number link) t)))))

(defun netproc--continue-process (original &optional process group)
  "Continue PROCESS by ORIGINAL, given GROUP."
  (let ((link (netproc--link process)))
    (prog1 (funcall original (or (netproc--designated process) process) group)
      (when link
        (netproc--stop (netproc--link-number link) nil)
        (netproc--resume link)))))

(defun netproc--set-coding-system (original process &optional decoding encoding)
  "Set the systems DECODING and ENCODING of PROCESS, or call ORIGINAL."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process decoding encoding)
      (check-coding-system decoding)
      (check-coding-system encoding)
      ;; Messages are decoded as their maker said.
      (netproc--set-coding (netproc--link-number link)
                           (if (netproc--link-coding link) 'binary decoding)
                           encoding)
      nil)))

(defun netproc--set-option-of (original process option value &optional no-error)
  "Set OPTION of PROCESS to VALUE, or call ORIGINAL.
If there is no such option, that is an error unless NO-ERROR."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process option value no-error)
      (unless (symbolp option)
        (signal 'wrong-type-argument (list 'symbolp option)))
      (netproc--await-connection process link)
      (cond
       ((memq (netproc--link-status link) '(closed failed))
        (error "Process is not running"))
       ((netproc--set-option (netproc--link-number link) option value)
        (plist-put (netproc--link-contact link) option value)
        t)
       ((not no-error) (error "Unknown or unsupported option"))))))

(defun netproc--boot (original process type parameters)
  "Encrypt PROCESS by TYPE and PARAMETERS, or call ORIGINAL."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process type parameters)
      (netproc--await-connection process link)
      (netproc--await (netproc--start-tls (netproc--link-number link)
                                          (cons type parameters)))
      (setf (netproc--link-encrypted link) t)
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
  "Call ORIGINAL with the object that PROCESS means, and ARGUMENTS."
  (apply original (or (netproc--designated process) process) arguments))

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
     . ,(lambda (original)
          (append netproc--live (delq netproc--pipe (funcall original)))))
    (get-buffer-process
     . ,(lambda (original buffer)
          (or (and (or (bufferp buffer) (stringp buffer))
                   (get-buffer buffer)
                   (netproc--of-buffer (get-buffer buffer)))
              (funcall original buffer))))
    (set-process-filter . netproc--set-filter)
    (stop-process . netproc--stop-process)
    (continue-process . netproc--continue-process)
    (interrupt-process . netproc--as-object)
    (kill-process . netproc--as-object)
    (quit-process . netproc--as-object)
    (signal-process . netproc--as-object)
    (process-running-child-p . netproc--as-object)
    (process-coding-system
     . ,(netproc--for-ours process link
          (or (netproc--link-coding link)
              (netproc--coding (netproc--link-number link)))))
    (set-process-coding-system . netproc--set-coding-system)
    (process-filter-multibyte-p
     . ,(netproc--for-ours process link
          (netproc--multibyte-p (netproc--link-number link))))
    (set-process-filter-multibyte
     . ,(lambda (original process flag)
          (let ((link (netproc--link process)))
            (if link
                (netproc--set-multibyte (netproc--link-number link) flag)
              (funcall original process flag)))))
    (process-datagram-address
     . ,(netproc--for-ours process link
          (progn
            (netproc--await-connection process link)
            (and (eq (netproc--link-kind link) 'datagram)
                 (eq (netproc--link-status link) 'open)
                 (netproc--target (netproc--link-number link))))))
    (set-process-datagram-address
     . ,(lambda (original process address)
          (let ((link (netproc--link process)))
            (if (not link)
                (funcall original process address)
              (netproc--await-connection process link)
              (and (eq (netproc--link-kind link) 'datagram)
                   (eq (netproc--link-status link) 'open)
                   (netproc--set-target (netproc--link-number link) address)
                   address)))))
    (set-network-process-option . netproc--set-option-of)
    (internal-default-process-sentinel . netproc--default-sentinel)
    (gnutls-boot . netproc--boot)
    (gnutls-peer-status
     . ,(netproc--for-ours process link
          (netproc--peer-status (netproc--link-number link))))
    (gnutls-get-initstage
     . ,(netproc--for-ours process link
          (if (netproc--link-encrypted link) 9 0)))
    (gnutls-bye . ,(netproc--for-ours process link t))
    (gnutls-deinit . ,(netproc--for-ours process link t)))
  "The functions that are told which processes are ours, and how.")

(defvar netproc--routed nil
  "Whether the companions know our processes.")

(defun netproc--buffer-killed ()
  "Delete our processes whose buffer is about to be killed."
  (let (process)
    (while (setq process (netproc--of-buffer (current-buffer)))
      (netproc--delete process (netproc--link process)))))

(defun netproc--route ()
  "Have the companions know our processes."
  (unless netproc--routed
    (setq netproc--routed t)
    (pcase-dolist (`(,function . ,advice) netproc--companions)
      (when (fboundp function)
        (advice-add function :around advice '((name . netproc)))))
    (add-hook 'kill-buffer-hook #'netproc--buffer-killed 90)))

(defun netproc--unroute ()
  "Have the companions as Emacs made them, unless there are processes of ours."
  (when (and netproc--routed (not netproc--live))
    (setq netproc--routed nil)
    (pcase-dolist (`(,function . ,_) netproc--companions)
      (advice-remove function 'netproc))
    (remove-hook 'kill-buffer-hook #'netproc--buffer-killed)))

(defun netproc--instead (_original &rest arguments)
  "Make a network process of ARGUMENTS."
  (apply #'netproc-make-network-process arguments))

;;;###autoload
(define-minor-mode netproc-mode
  "Make network processes by the module netproc, on threads of their own.
Name lookups, connections, handshakes and decoding do not hold up Emacs
then.  Processes that exist already are left as they are."
  :global t
  :group 'netproc
  (if netproc-mode
      (progn
        (netproc--ready)
        (advice-add 'make-network-process :around #'netproc--instead)
        (advice-add 'network-lookup-address-info :around
                    #'netproc--lookup-info))
    (advice-remove 'make-network-process #'netproc--instead)
    (advice-remove 'network-lookup-address-info #'netproc--lookup-info)
    (netproc--unroute)))

;;; What Emacs does not have

(defun netproc-queued-bytes (process)
  "Return how many bytes wait to be sent on PROCESS."
  (let ((link (netproc--link process)))
    (or (and link (netproc--queued (netproc--link-number link))) 0)))

(defun netproc-reload-tls (server)
  "Have SERVER read its TLS keys and certificates again.
Connections that are open keep what they have."
  (let ((link (netproc--link server)))
    (unless link
      (signal 'wrong-type-argument (list 'netproc-process-p server)))
    (netproc--reload-tls (netproc--link-number link))))

(provide 'netproc)
;;; netproc.el ends here
