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
;; is answered by advice.  The module wakes Emacs through a pipe process,
;; so filters and sentinels run when Emacs waits, and never in between.
;;
;; netproc-link.el        what is known of a process, and its object
;; netproc-events.el      what happens, and who is told of it
;; netproc-garbage.el     less collecting while much text arrives
;; netproc-coding.el      coding systems, decoding where the module cannot
;; netproc-wait.el        waiting for output and replies
;; netproc-send.el        sending
;; netproc-companions.el  what else Lisp asks of a process
;; netproc-route.el       which functions of Emacs are routed here
;; netproc-make.el        making a process

;;; Code:

(require 'netproc-make)

(declare-function netproc--look-up "libnetproc_emacs")
(declare-function netproc--queued "libnetproc_emacs")
(declare-function netproc--reload-tls "libnetproc_emacs")

(defun netproc--instead (_original &rest arguments)
  "Make a network process of ARGUMENTS."
  (apply #'netproc-make-network-process arguments))

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
        (netproc--install 'network-lookup-address-info
                          #'netproc--lookup-info))
    (advice-remove 'make-network-process #'netproc--instead)
    (netproc--uninstall 'network-lookup-address-info)
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
