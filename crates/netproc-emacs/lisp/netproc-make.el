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
(declare-function netproc--check "libnetproc_emacs")
(declare-function netproc--offer-socket "libnetproc_emacs")
(declare-function netproc--target "libnetproc_emacs")
(declare-function netproc--open "libnetproc_emacs")
(declare-function netproc--resolve "libnetproc_emacs")

(defconst netproc--unwired
  '(:name :buffer :filter :sentinel :log :plist :coding :filter-multibyte)
  "Keywords whose values the module is not given as they are.")

(defconst netproc--looked-at-late
  '(:tls-parameters :bindtodevice :broadcast :dontroute :keepalive :linger
                    :oobinline :priority :reuseaddr :nodelay)
  "Keywords that Emacs looks at when it has an address.")

(defun netproc--without (keywords arguments)
  "Return ARGUMENTS without KEYWORDS, but with a last one that has no value."
  (let (rest)
    (while arguments
      (unless (and (consp (cdr arguments)) (memq (car arguments) keywords))
        (push (car arguments) rest)
        (when (consp (cdr arguments))
          (push (cadr arguments) rest)))
      (setq arguments (cddr arguments)))
    (nreverse rest)))

(defun netproc--odd-keys (arguments)
  "Return the keys in ARGUMENTS that are no symbols.
Emacs finds them when it sets options."
  (let (keys)
    (while arguments
      (unless (symbolp (car arguments))
        (push (car arguments) keys))
      (setq arguments (cddr arguments)))
    keys))

(defun netproc--misnamed (arguments)
  "Return the host in ARGUMENTS if Emacs notices only later that it is none."
  (let ((host (plist-get arguments :host)))
    (and (plist-get arguments :nowait)
         (stringp host)
         (or (equal host "")
             (and (multibyte-string-p host)
                  (string-match-p "[^[:ascii:]]" host)))
         (not (plist-get arguments :remote))
         (not (eq (plist-get arguments :family) 'local))
         host)))

(defun netproc--misserved-p (arguments)
  "Tell whether Emacs notices only later that ARGUMENTS cannot be resolved.
Their service is none, or their family has no names."
  (let ((service (plist-get arguments :service))
        (family (plist-get arguments :family)))
    (and (plist-get arguments :nowait)
         (or (and (integerp family) (not (memq family '(0 1 2 10))))
             (and (integerp service) (< service 0))
             (and (stringp service) (string-match-p "\\`-[0-9]" service)))
         (not (plist-get arguments :remote))
         (not (memq family '(local 1))))))

(defun netproc--looked-at-first (arguments wire)
  "Return what counts before there is an address.
ARGUMENTS is the keyword list, and WIRE what the module is given of it."
  (append (list :name (plist-get arguments :name))
          (netproc--without (append netproc--looked-at-late
                                    (netproc--odd-keys wire))
                            wire)))

(defun netproc--checked (arguments)
  "Return what the module is given of the keyword list ARGUMENTS.
What Emacs looks at first is checked."
  (let ((wire (netproc--without (append (netproc--unknown-options)
                                        netproc--unwired)
                                arguments)))
    (when (netproc--misnamed arguments)
      (setq wire (plist-put wire :host netproc--nobody)))
    (when (netproc--misserved-p arguments)
      (setq wire (plist-put (plist-put wire :family nil)
                            :service netproc--nobody)))
    ;; Emacs does not look for options of a client that sends datagrams.
    (when (and (eq (plist-get arguments :type) 'datagram)
               (not (plist-get arguments :server)))
      (setq wire (netproc--without (netproc--odd-keys wire) wire)))
    (condition-case failure
        (netproc--check (netproc--looked-at-first arguments wire))
      (wrong-type-argument
       (signal (car failure)
               (if (eq (cadr failure) 'plistp)
                   (list 'plistp arguments)
                 (cdr failure)))))
    (when (and (eq (plist-get arguments :family) 'local)
               (plist-get arguments :host)
               (not (plist-get arguments (if (plist-get arguments :server)
                                             :local
                                           :remote))))
      (message "%s local ignores the %s property" :family :host))
    wire))

(defun netproc--check-name (arguments wire)
  "Signal an error if the host or service in ARGUMENTS is not known.
WIRE is what the module is given of them."
  (unless (plist-get arguments :nowait)
    (netproc--await
     (netproc--resolve (netproc--looked-at-first arguments wire)))))

(defun netproc--late-mistake-p (arguments wire)
  "Tell whether ARGUMENTS have a mistake that comes after an unknown name.
WIRE is what the module is given of them."
  (let ((buffer (plist-get arguments :buffer)))
    (or (not (or (null buffer)
                 (bufferp buffer)
                 (and (stringp buffer) (not (equal buffer "")))))
        (not (sequencep (plist-get arguments :plist)))
        (not (listp (plist-get arguments :tls-parameters)))
        (condition-case nil
            (netproc--check
             (append (list :name (plist-get arguments :name)) wire))
          (error t)))))

(defun netproc--check-tls (arguments)
  "Signal what `gnutls-boot' would find wrong in ARGUMENTS."
  (let ((parameters (plist-get arguments :tls-parameters)))
    (unless (listp parameters)
      (signal 'wrong-type-argument (list 'listp parameters)))
    (when (and parameters (not (plist-get arguments :server)))
      (unless (symbolp (car parameters))
        (signal 'wrong-type-argument (list 'symbolp (car parameters))))
      (unless (memq (car parameters) '(gnutls-x509pki gnutls-anon))
        (error "Invalid GnuTLS credential type"))
      (unless (listp (cdr parameters))
        (signal 'wrong-type-argument (list 'listp (cdr parameters))))
      (unless (stringp (plist-get (cdr parameters) :hostname))
        (signal 'error '("gnutls-boot: invalid :hostname parameter (not a string)"))))))

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
  (let ((wire (netproc--checked arguments))
        (setting (plist-get arguments :buffer))
        (fresh nil))
    (when (netproc--late-mistake-p arguments wire)
      (netproc--check-name arguments wire))
    (setq fresh (and (stringp setting) (not (get-buffer setting))))
    (let ((buffer (and setting (get-buffer-create setting)))
          (plist (copy-sequence (plist-get arguments :plist))))
      (netproc--check-tls arguments)
      (netproc--adopt arguments)
      (condition-case failure
          (netproc--make-of arguments wire buffer plist)
        (error
         ;; With an unknown host Emacs does not come to making it.
         (when (and fresh (eq (car failure) 'error)
                    (netproc--unknown-name-p arguments failure))
           (kill-buffer buffer))
         (signal (car failure) (cdr failure)))))))

(defun netproc--unknown-name-p (arguments failure)
  "Tell whether FAILURE is that the host or service in ARGUMENTS is not known."
  (let ((host (plist-get arguments :host)))
    (cl-some (lambda (name)
               (string-prefix-p (concat name "/")
                                (error-message-string failure)))
             (if (stringp host) (list host) '("127.0.0.1" "::1")))))

(defun netproc--make-of (arguments wire buffer plist)
  "Make a network process of the keyword list ARGUMENTS.
The module is given WIRE; the process has BUFFER and PLIST."
  (let* ((unique (netproc--unique (plist-get arguments :name)))
         (coding (netproc--coding-of arguments buffer))
         (fault (cl-find-if-not #'coding-system-p
                                (list (car coding) (cdr coding))))
         (encoding (and (not fault) (cdr coding)))
         (sent-as (netproc--encoding-for-module encoding))
         (number (netproc--open
                  (append (list :name unique
                                :coding (cons 'binary sent-as)
                                :filter (eq (plist-get arguments :filter) t))
                          wire)
                  (plist-get arguments :framing)))
         (link (netproc--make-link
                :number number
                :decoding (and (not fault) (car coding))
                :encoding (and (not (eq encoding sent-as)) encoding)
                :fault fault
                :misnamed (netproc--misnamed arguments)
                :kind (plist-get arguments :type)
                :encrypted (plist-get arguments :tls-parameters)))
         (process nil)
         (opened nil)
         (made nil))
    (unwind-protect
        (progn
          (setq process (netproc--object unique plist))
          (netproc--dress process link
                          (plist-get arguments :filter)
                          (plist-get arguments :sentinel)
                          buffer (copy-sequence arguments))
          (netproc--flag process arguments)
          (netproc--enlist process number link)
          (netproc--begin link number)
          ;; The mark is set where there is a socket.
          (when (and (eq (netproc--link-status link) 'connect)
                     (netproc--looked-up-p link))
            (set-marker (process-mark process) nil))
          ;; A client by host that does not wait has no socket yet.
          (when (and fault
                     (or (not (eq (netproc--link-status link) 'connect))
                         (plist-get arguments :remote)))
            (check-coding-system fault))
          (when (eq (netproc--link-kind link) 'datagram)
            (setf (netproc--link-target link) (netproc--target number)))
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

(defun netproc--flag (process arguments)
  "Set the flags that PROCESS has by the keyword list ARGUMENTS."
  (set-process-query-on-exit-flag process (not (plist-get arguments :noquery)))
  (set-process-inherit-coding-system-flag
   process (and inherit-process-coding-system
                (process-buffer process)
                (not (plist-get arguments :coding))))
  (when (plist-get arguments :stop)
    (stop-process process)))

(defvar netproc--adopted nil
  "Whether the socket that Emacs was started with is taken.")

(defun netproc--adopt (arguments)
  "Take the socket that Emacs was started with, if ARGUMENTS ask for it."
  (when (and (plist-get arguments :use-external-socket)
             (plist-get arguments :server)
             (bound-and-true-p internal--daemon-sockname)
             (not netproc--adopted))
    (setq netproc--adopted t)
    ;; Emacs lets go of it only by making a process.  The first socket that
    ;; a service manager hands over is always number 3.
    (let* ((there (netproc--offer-socket 3))
           (holder (funcall (get 'make-network-process 'netproc--original)
                            :name " netproc external" :server t :noquery t
                            :host 'local :service t
                            :use-external-socket t)))
      (delete-process holder)
      there)))

(defun netproc--begin (link number)
  "Wait until the process of LINK is as far as its maker waits for.
NUMBER is that of the process."
  (let ((arguments (netproc--link-contact link)))
    (condition-case failure
        (netproc--learn link (netproc--await number))
      ((file-error file-missing)
       ;; Emacs has forgotten the host by now.
       (when (and (plist-get arguments :host)
                  (memq (plist-get arguments :family) '(local 1))
                  (not (plist-get arguments :remote)))
         (plist-put arguments :host nil))
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
