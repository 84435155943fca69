;;; Talks to a peer outside of Emacs without letting events happen.  -*- lexical-binding: t -*-

;; Orders and answers go through two named pipes, which Emacs writes and reads as files. So a
;; case can say "send this now, and tell me when it is sent" while no filter runs.

(defvar peer-started nil)

(defun peer-start ()
  "Start the peer of this case."
  (let ((orders (place "orders")) (answers (place "answers")))
    (call-process "mkfifo" nil nil nil orders answers)
    (call-process (if (file-executable-p "/usr/bin/python3") "/usr/bin/python3" "python3")
                  nil 0 nil (expand-file-name "peer.py" peer-folder) orders answers)
    (setq peer-started t)))

(defvar peer-folder (file-name-directory load-file-name))

(defun peer (verb &rest arguments)
  "Have the peer do VERB with ARGUMENTS, and return its answer."
  (unless peer-started (peer-start))
  (let ((last-coding-system-used nil) (coding-system-for-write 'binary)
        (coding-system-for-read 'binary) (inhibit-message t) (message-log-max nil))
    (write-region (concat (mapconcat #'peer-word (cons verb arguments) " ") "\n")
                  nil (place "orders") t 'silent)
    (if (eq verb 'leave)
        (setq peer-started nil)
      (let ((answer (with-temp-buffer
                      (set-buffer-multibyte nil)
                      (insert-file-contents (place "answers"))
                      (goto-char (point-min))
                      (read (current-buffer)))))
        (if (eq (car-safe answer) 'failed)
            (error "The peer failed: %S" (cdr answer))
          answer)))))

(defun peer-word (argument)
  "Return ARGUMENT as one word of an order: strings in hexadecimal digits."
  (if (stringp argument)
      (concat "x" (mapconcat (lambda (byte) (format "%02x" byte))
                             (encode-coding-string argument 'utf-8-emacs) ""))
    (format "%s" argument)))

(defun peer-leave ()
  "End the peer, if there is one."
  (when peer-started (peer 'leave)))
