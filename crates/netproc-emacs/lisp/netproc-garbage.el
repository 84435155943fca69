;;; netproc-garbage.el --- Collect less garbage while much text arrives  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Text comes in large pieces, and collecting garbage after every few
;; takes most of the time.

;;; Code:

(require 'netproc-link)

(defcustom netproc-streaming-garbage (* 32 1024 1024)
  "How many bytes of garbage Emacs may leave while much text arrives.
Text comes in large pieces, and collecting garbage after every few takes
most of the time.  So `gc-cons-threshold' is raised to this while text
arrives, and set back when none has for a second.  If nil, it is not."
  :type '(choice (const :tag "Leave it to Emacs" nil) natnum)
  :group 'netproc)

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

(provide 'netproc-garbage)
;;; netproc-garbage.el ends here
