;;; netproc-link.el --- What is known of a process of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; A process object of ours is a real process object of Emacs that was
;; deleted at once.  It keeps what Lisp hangs on it (name, buffer, mark,
;; filter, sentinel, properties) without any help.  What Emacs does not
;; know of it stands in its link.

;;; Code:

(require 'cl-lib)
(require 'subr-x)

(unless (featurep 'netproc-module)
  (unless (bound-and-true-p module-file-suffix)
    (error "This Emacs cannot load modules"))
  (load (concat "libnetproc_emacs" module-file-suffix) nil t t))

(declare-function netproc--encoding "libnetproc_emacs")
(declare-function netproc--forget "libnetproc_emacs")

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
  (target nil :documentation "Where a datagram process sends to.")
  (age 0 :documentation "How many processes were before it.")
  (received 0 :documentation "How often text arrived.")
  (held nil :documentation "What happened while it was stopped.")
  (decoding nil :documentation "By what its text is decoded, as Lisp sees it.")
  (decoded-by nil :documentation "By what its text is decoded in fact.")
  (foreign nil :documentation "Whether only Emacs can decode it.")
  (decoder nil :documentation "The process of Emacs that decodes for it.")
  (encoding nil :documentation "By what Emacs has to encode for it.")
  (opened nil :documentation "Whether its opening is told, or never will be.")
  (misnamed nil :documentation "The name of its host, if that is none.")
  (fault nil :documentation "A coding system that is none, until it is told.")
  (ended nil :documentation "Whether its end was sent.")
  (late nil :documentation "Whether something was sent after its end.")
  (encrypted nil :documentation "Whether it is encrypted.")
  (peer nil :documentation "What its TLS peer showed."))

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

(defvar netproc--inner (make-hash-table :test #'eq :weakness 'key)
  "The processes of Emacs that only we know of.")

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

(defun netproc--inner-p (process)
  "Tell whether PROCESS is one of Emacs that only we know of."
  (gethash process netproc--inner))

(defun netproc--unknown-options ()
  "Return the options that the module has, but not this Emacs."
  (unless (featurep 'make-network-process :nodelay)
    '(:nodelay)))

(defun netproc--status (process link)
  "Return the status of PROCESS, which LINK belongs to."
  (let ((status (netproc--link-status link)))
    (if (and (eq (process-command process) t) (not (eq status 'closed)))
        'stop
      status)))

(defun netproc--running-p (link)
  "Tell whether the process of LINK is connected, as far as Lisp was told."
  (eq (netproc--link-status link) 'open))

(defun netproc--looked-up-p (link)
  "Tell whether the client of LINK is named by a host that is looked up."
  (let ((contact (netproc--link-contact link)))
    (not (or (plist-get contact :remote)
             (memq (plist-get contact :family) '(local 1))))))

(defun netproc--mark-end (process)
  "Have the mark of PROCESS at the end of its buffer."
  (let ((buffer (process-buffer process)))
    (when (buffer-live-p buffer)
      (set-marker (process-mark process)
                  (with-current-buffer buffer (point-max))
                  buffer))))

(defun netproc--enlist (process number link)
  "Put PROCESS with its NUMBER and LINK into the tables."
  (puthash process link netproc--links)
  (puthash number process netproc--numbers))

(defvar netproc--age 0
  "How many processes were seen so far.")

(defvar netproc--ages (make-hash-table :test #'eq :weakness 'key)
  "Maps processes that are not ours to their ages.")

(defun netproc--note-ages (processes)
  "Note the ages of PROCESSES, those of Emacs, the newest first."
  (let ((new nil))
    (while (and processes (not (gethash (car processes) netproc--ages)))
      (push (pop processes) new))
    (dolist (process new)
      (puthash process (cl-incf netproc--age) netproc--ages))))

(defun netproc--age-of (process)
  "Return the age of PROCESS: the greater, the newer."
  (let ((link (netproc--link process)))
    (if link
        (netproc--link-age link)
      (gethash process netproc--ages 0))))

(defun netproc--others ()
  "Return the processes of Emacs that are not only ours, the newest first."
  (cl-delete-if #'netproc--inner-p
                (funcall (or (get 'process-list 'netproc--original)
                             #'process-list))))

(defun netproc--all ()
  "Return our processes and those of Emacs, the newest first."
  (let ((others (netproc--others)))
    (if (or (null others) (null netproc--live))
        (append netproc--live others)
      (netproc--note-ages others)
      (cl-merge 'list (copy-sequence netproc--live) others
                (lambda (one other)
                  (> (netproc--age-of one) (netproc--age-of other)))))))

(defun netproc--show (process)
  "Have PROCESS in the list of processes."
  (netproc--note-ages (netproc--others))
  (setf (netproc--link-age (netproc--link process)) (cl-incf netproc--age))
  (let ((name (process-name process)))
    (when (string-match "<\\([0-9]+\\)>\\'" name)
      (let ((number (string-to-number (match-string 1 name)))
            (base (substring name 0 (match-beginning 0))))
        (when (= number (1+ (gethash base netproc--taken 0)))
          (puthash base number netproc--taken)))))
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

(defun netproc--encoding-of (link)
  "Return by what is encoded what is sent on the process of LINK."
  (or (netproc--link-encoding link)
      (netproc--encoding (netproc--link-number link))))

(defun netproc--release (process link)
  "Let go of what the module has of PROCESS, which LINK belongs to."
  (let ((number (netproc--link-number link)))
    (setf (netproc--link-encoding link) (netproc--encoding-of link))
    (when (netproc--link-decoder link)
      (delete-process (netproc--link-decoder link)))
    (remhash number netproc--numbers)
    (netproc--forget number)
    (setf (netproc--link-held link) nil)
    process))

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

(defconst netproc--nobody "nobody.invalid"
  "The name of a host, or a service, that is none.")

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
    unique))

(defun netproc--object (name &optional plist)
  "Return a new process object called NAME, which Emacs takes for dead.
PLIST is its property list, or what its maker takes for one."
  (let* ((inhibit-quit t)
         (process (make-pipe-process :name name
                                     :buffer netproc--nowhere
                                     :noquery t
                                     :plist plist
                                     :coding 'no-conversion
                                     :filter #'ignore
                                     :sentinel #'ignore)))
    (delete-process process)
    (set-process-buffer process nil)
    (set-marker (process-mark process) nil)
    process))

(defun netproc--dress (process link filter sentinel buffer contact)
  "Give PROCESS its FILTER, SENTINEL, BUFFER and CONTACT.
LINK is what is to be known of it."
  (set-process-filter process filter)
  (set-process-sentinel process sentinel)
  (when buffer
    (set-process-buffer process buffer))
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

(provide 'netproc-link)
;;; netproc-link.el ends here
