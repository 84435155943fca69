;;; netproc-make.el --- Make processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What a keyword list means is the concern of the module, but for what
;; Emacs alone knows: objects of Lisp and the variables of coding systems.

;;; Code:

(require 'netproc-coding)
(require 'netproc-wait)
(require 'netproc-route)

(declare-function netproc--forget "libnetproc_emacs")
(declare-function netproc--open "libnetproc_emacs")

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
         (number (netproc--open
                  (append (list :name unique
                                :coding
                                (cons 'binary
                                      (netproc--encoding-for-module
                                       (cdr coding)))
                                :filter (eq (plist-get arguments :filter) t))
                          (netproc--wire arguments))
                  (plist-get arguments :framing)))
         (link (netproc--make-link :number number
                                   :decoding (car coding)
                                   :encoding
                                   (unless (eq (cdr coding)
                                               (netproc--encoding-for-module
                                                (cdr coding)))
                                     (cdr coding))
                                   :kind (plist-get arguments :type)
                                   :encrypted (plist-get arguments
                                                         :tls-parameters)))
         (process nil)
         (opened nil)
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
          (netproc--prepare-decoding process link t)
          (when (plist-member arguments :filter-multibyte)
            (netproc--set-filter-multibyte
             #'ignore process (plist-get arguments :filter-multibyte)))
          (setq opened (and (netproc--link-encrypted link)
                            (eq (netproc--link-status link) 'open)
                            (netproc--await-event number))
                made t))
      (unless made
        (when process
          (remhash process netproc--links))
        (remhash number netproc--numbers)
        (netproc--forget number)))
    (netproc--show process)
    ;; Its sentinel hears of an encrypted connection before its maker has it.
    (when opened
      (netproc--happen process link opened))
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

(provide 'netproc-make)
;;; netproc-make.el ends here
