;;; Stock Emacs as a server that echoes, and as a client whose output goes into a buffer.  -*- lexical-binding: t -*-

(defun bench-follow (parent)
  "End when the process PARENT is gone."
  (run-at-time 1 1 (lambda ()
                     (unless (file-exists-p (format "/proc/%d" parent))
                       (kill-emacs)))))

(defun bench-ready ()
  "Tell whoever started this that it may begin."
  (send-string-to-terminal "ready\n"))

(defun bench-echo (port parent)
  "Echo on PORT until PARENT ends."
  (bench-follow parent)
  (make-network-process
   :name "echo" :server 1024 :host "127.0.0.1" :service port :coding 'binary
   :filter (lambda (process text) (process-send-string process text)))
  (bench-ready)
  (while t (accept-process-output nil 60)))

(defun bench-insert (port parent)
  "Take all that a connection to PORT brings into a buffer, say so, and begin again."
  (bench-follow parent)
  (bench-ready)
  (while t
    ;; A buffer whose name begins with a space keeps no undo.
    (let* ((buffer (generate-new-buffer " *insert*"))
           (process (make-network-process
                     :name "insert" :host "127.0.0.1" :service port
                     :coding 'utf-8-unix :buffer buffer)))
      (set-process-sentinel process #'ignore)
      (while (not (with-current-buffer buffer (eq (char-before (point-max)) ?\0)))
        (accept-process-output process 60))
      (process-send-string process "x")
      (delete-process process)
      (kill-buffer buffer))))
