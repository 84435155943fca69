;;; netproc-coding.el --- Coding systems of processes of netproc  -*- lexical-binding: t -*-

;; Author: the netproc project
;; Keywords: comm, processes
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; The module decodes what is the same whoever does it: UTF-8, UTF-16,
;; bytes, and plain ASCII that is undecided.  All else is done by Emacs
;; itself, which puts properties on text and knows what the user prefers:
;; bytes are sent through a pipe process, and what its filter gets is the
;; text.

;;; Code:

(require 'netproc-link)

(declare-function netproc--connect-decoder "libnetproc_emacs")
(declare-function netproc--encodes-p "libnetproc_emacs")
(declare-function netproc--feed "libnetproc_emacs")
(declare-function netproc--held "libnetproc_emacs")
(declare-function netproc--hold "libnetproc_emacs")
(declare-function netproc--multibyte-p "libnetproc_emacs")
(declare-function netproc--rest "libnetproc_emacs")
(declare-function netproc--set-decoding "libnetproc_emacs")
(declare-function netproc--set-encoding "libnetproc_emacs")
(declare-function netproc--set-multibyte "libnetproc_emacs")
(declare-function netproc--text "libnetproc_emacs")

;;; Which they are

(defun netproc--coding-of (arguments buffer)
  "Return the coding systems, (DECODING . ENCODING), that Emacs would take.
ARGUMENTS is the keyword list of the process and BUFFER its buffer."
  (let* ((given (plist-get arguments :coding))
         (by-name (not (plist-get arguments (if (plist-get arguments :server)
                                                :local
                                              :remote))))
         (host (and by-name (plist-get arguments :host)))
         (service (and by-name (plist-get arguments :service)))
         (alist 'unknown)
         (choose (lambda (half)
                   (when (eq alist 'unknown)
                     (setq alist
                           (and host service
                                (find-operation-coding-system
                                 'open-network-stream
                                 (plist-get arguments :name) buffer
                                 host service))))
                   (cond
                    ((consp alist) (funcall half alist))
                    ((consp default-process-coding-system)
                     (funcall half default-process-coding-system))))))
    (cond
     ((consp given) (cons (car given) (cdr given)))
     (given (cons given given))
     (t
      (cons (cond
             (coding-system-for-read)
             ((if (buffer-live-p buffer)
                  (buffer-local-value 'enable-multibyte-characters buffer)
                (default-value 'enable-multibyte-characters))
              (funcall choose #'car)))
            (cond
             (coding-system-for-write)
             (enable-multibyte-characters (funcall choose #'cdr))))))))

(defun netproc--raw-text-like (system)
  "Return the raw text that has the line ends of SYSTEM."
  (let ((line-ends (coding-system-eol-type system)))
    (if (or (null line-ends) (vectorp line-ends))
        'raw-text
      (coding-system-change-eol-conversion 'raw-text line-ends))))

(defun netproc--decoding-now (process link)
  "Return by what the text of PROCESS, which LINK belongs to, is decoded.
The default filter puts bytes into a unibyte buffer."
  (let ((system (netproc--link-decoding link))
        (buffer (process-buffer process)))
    (if (and (eq (process-filter process) 'internal-default-process-filter)
             (buffer-live-p buffer)
             (not (buffer-local-value 'enable-multibyte-characters buffer)))
        (netproc--raw-text-like system)
      system)))

(defun netproc--prepare-decoding (process link &optional anew)
  "Have the text of PROCESS, which LINK belongs to, decoded as it has to be.
If ANEW, begin anew even if nothing else has changed."
  (let ((system (netproc--decoding-now process link))
        (number (netproc--link-number link))
        (decoder (netproc--link-decoder link)))
    (when (or anew (not (eq system (netproc--link-decoded-by link))))
      (setf (netproc--link-decoded-by link) system)
      (if decoder
          (set-process-coding-system decoder system 'no-conversion)
        (setf (netproc--link-foreign link)
              (not (netproc--set-decoding number system)))))))

(defun netproc--set-encoder (link system)
  "Have what is sent on the process of LINK encoded by SYSTEM."
  (let ((number (netproc--link-number link)))
    (if (netproc--set-encoding number system)
        (setf (netproc--link-encoding link) nil)
      (netproc--set-encoding number 'binary)
      (setf (netproc--link-encoding link)
            (if (vectorp (coding-system-eol-type system))
                (coding-system-change-eol-conversion system 'unix)
              system)))))

(defun netproc--encoding-for-module (system)
  "Return SYSTEM if the module encodes by it, else what it is to do."
  (if (or (null system)
          ;; What is none is refused when all else is done.
          (and (symbolp system) (coding-system-p system)
               (netproc--encodes-p system)))
      system
    'binary))

(defun netproc--found (link system)
  "Note that SYSTEM was found from the data on the process of LINK."
  (setf (netproc--link-decoding link) system
        (netproc--link-decoded-by link) system)
  (unless (cdr (netproc--codings link))
    (netproc--set-encoder link system)))

;;; Decoding

(defun netproc--receive (link)
  "Return what arrived next on the process of LINK, as (TEXT MORE), or nil.
TEXT is nil if no character is complete; MORE tells whether more waits."
  (pcase (netproc--text (netproc--link-number link) read-process-output-max
                        (netproc--decodes-there-p link))
    (`(,string ,more ,found ,raw ,from)
     (when from
       (setf (netproc--link-target link) from))
     (cond
      (found (netproc--found link found))
      ((not (eq (netproc--link-decoding link) (netproc--link-decoded-by link)))
       (netproc--found link (netproc--link-decoded-by link))))
     (setq last-coding-system-used
           (or (netproc--link-decoding link) 'undecided))
     (list (pcase raw
             ('nil string)
             ('message (netproc--decode-message link string))
             (_ (let ((text (netproc--decode-there link string)))
                  (and (not (equal text "")) text))))
           more))))

(defun netproc--decodes-there-p (link)
  "Tell whether Emacs itself has to decode for the process of LINK."
  (or (netproc--link-decoder link)
      (netproc--link-foreign link)
      (and inhibit-eol-conversion
           (vectorp (coding-system-eol-type (netproc--link-decoded-by link))))))

(defun netproc--decode-message (link bytes)
  "Return the text of BYTES, a whole message on the process of LINK."
  (let ((text (with-temp-buffer
                ;; Into a string ASCII is decoded without a look at its lines.
                (decode-coding-string
                 bytes (or (netproc--link-decoded-by link) 'undecided)
                 nil (current-buffer))
                (buffer-string))))
    (unless (eq last-coding-system-used (netproc--link-decoding link))
      (netproc--found link last-coding-system-used)
      ;; The module may go on by itself.
      (setf (netproc--link-foreign link)
            (not (netproc--set-decoding (netproc--link-number link)
                                        last-coding-system-used))))
    (if (memq (coding-system-base last-coding-system-used)
              '(no-conversion raw-text))
        (string-to-unibyte text)
      text)))

(defvar netproc--decoded nil
  "What Emacs has decoded, the newest first.")

(defun netproc--note-decoded (_decoder string)
  "Note STRING, which Emacs has decoded."
  (push string netproc--decoded))

(defconst netproc--mouthful 16384
  "How many bytes are written into a pipe at once; it has room for more.")

(defun netproc--decoder (link)
  "Return the process of Emacs that decodes for the process of LINK."
  (or (netproc--link-decoder link)
      (let* ((process-adaptive-read-buffering nil)
             (decoder (make-pipe-process
                       :name " netproc decoder"
                       :buffer netproc--nowhere
                       :noquery t
                       :coding (cons (netproc--link-decoded-by link)
                                     'no-conversion)
                       :filter #'netproc--note-decoded
                       :sentinel #'ignore)))
        (set-process-buffer decoder nil)
        (set-process-thread decoder nil)
        (puthash decoder t netproc--inner)
        (netproc--connect-decoder (netproc--link-number link) decoder)
        (setf (netproc--link-decoder link) decoder))))

(defun netproc--decode-there (link bytes)
  "Return the text of BYTES, the next on the process of LINK."
  (let* ((inhibit-quit t)
         (read-process-output-max netproc--mouthful)
         (number (netproc--link-number link))
         (decoder (netproc--decoder link))
         (netproc--decoded nil)
         (start 0))
    (while (< start (length bytes))
      (let ((end (min (length bytes) (+ start netproc--mouthful))))
        (netproc--feed number (substring bytes start end))
        (accept-process-output decoder netproc--long nil 1)
        (setq start end)))
    (let ((system (car (process-coding-system decoder))))
      (unless (eq system (netproc--link-decoded-by link))
        (netproc--found link system))
      (unless (netproc--link-foreign link)
        (netproc--decode-here-again link system bytes)))
    (apply #'concat (nreverse netproc--decoded))))

(defun netproc--decode-here-again (link system bytes)
  "Have the module decode for the process of LINK by SYSTEM, if it can.
BYTES is what Emacs has decoded last."
  (when (memq (coding-system-base (or system 'undecided))
              '(utf-8 no-conversion raw-text))
    (let ((number (netproc--link-number link)))
      (netproc--drop-decoder link)
      (netproc--set-decoding number system)
      (when (eq (coding-system-base system) 'utf-8)
        (netproc--hold number (netproc--incomplete bytes))))))

(defun netproc--incomplete (bytes)
  "Return the beginning of a character in UTF-8 that BYTES end with."
  (let ((case-fold-search nil))
    (if (string-match (rx (or (any "\xC2-\xDF")
                              (seq (any "\xE0-\xEF") (? (any "\x80-\xBF")))
                              (seq (any "\xF0-\xF7") (** 0 2 (any "\x80-\xBF"))))
                          string-end)
                      bytes)
        (substring bytes (match-beginning 0))
      "")))

(defun netproc--drop-decoder (link)
  "End the process of Emacs that decodes for the process of LINK."
  (let ((decoder (netproc--link-decoder link)))
    (when decoder
      (setf (netproc--link-decoder link) nil)
      (netproc--feed (netproc--link-number link) nil)
      (remhash decoder netproc--inner)
      (delete-process decoder))))

(defun netproc--last-text (link)
  "Return what is left on the process of LINK at its end."
  (let ((decoder (netproc--link-decoder link))
        (number (netproc--link-number link)))
    (if (not decoder)
        (netproc--rest number)
      (let ((inhibit-quit t)
            (netproc--decoded nil))
        ;; Emacs gives what it has held back when it sees the end.
        (netproc--feed number nil)
        (let ((tries 100))
          (while (and (process-live-p decoder) (> (cl-decf tries) 0))
            (accept-process-output decoder 0.001 nil 1)))
        (netproc--drop-decoder link)
        (apply #'concat (nreverse netproc--decoded))))))

;;; The companions

(defun netproc--codings (link)
  "Return the coding systems of the process of LINK, (DECODING . ENCODING)."
  (cons (netproc--link-decoding link) (netproc--encoding-of link)))

(defun netproc--set-coding-system (original process &optional decoding encoding)
  "Set the systems DECODING and ENCODING of PROCESS, or call ORIGINAL."
  (let ((link (netproc--link process)))
    (if (not link)
        (funcall original process decoding encoding)
      (check-coding-system decoding)
      (check-coding-system encoding)
      (setf (netproc--link-decoding link) decoding)
      (netproc--prepare-decoding process link t)
      (netproc--set-encoder link encoding)
      nil)))

(defun netproc--multibyte (process link)
  "Tell whether the filter of PROCESS, with LINK, is given characters."
  (netproc--prepare-decoding process link)
  (or (and (or (netproc--link-foreign link) (netproc--link-decoder link)) t)
      (netproc--multibyte-p (netproc--link-number link))))

(defun netproc--set-filter-multibyte (original process flag)
  "Set whether the filter of PROCESS is given characters to FLAG, or call ORIGINAL."
  (let ((link (netproc--link process)))
    (cond
     ((not link) (funcall original process flag))
     ((not (or (netproc--link-foreign link) (netproc--link-decoder link)))
      (let ((system (netproc--set-multibyte (netproc--link-number link) flag)))
        (unless flag
          (setf (netproc--link-decoding link) system
                (netproc--link-decoded-by link) system)
          nil)))
     ((not flag)
      (setf (netproc--link-decoding link)
            (netproc--raw-text-like (netproc--link-decoding link)))
      (netproc--drop-decoder link)
      (netproc--prepare-decoding process link t)
      nil))))

(provide 'netproc-coding)
;;; netproc-coding.el ends here
