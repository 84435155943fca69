;;; Makes the processes of a case, and waits for what they hear.  -*- lexical-binding: t -*-

(defvar heard (make-hash-table :test 'eq) "Strings that each sentinel heard, newest first.")
(defvar got (make-hash-table :test 'eq) "Text that each filter was given so far.")
(defvar connections nil "Accepted connections, newest first.")
(defvar patience 15 "Seconds after which a wait is a failure.")

(defun place (name)
  "Return the path of NAME in the folder of this case."
  (concat transcript-folder name))

(defun state (process)
  "Return status, liveness, exit status and more of PROCESS."
  (let ((status (process-status process)))
    (list status
          :live (process-live-p process)
          ;; In these states the question may crash Emacs.
          :exit (if (memq status '(connect stop)) 'unasked (process-exit-status process))
          :command (process-command process)
          :listed (and (memq process (process-list)) t))))

(defun on-text (process text)
  "Record TEXT, joined with what follows at once."
  (puthash process (concat (gethash process got) text) got)
  (transcript-text process text))

(defun on-chunk (process text)
  "Record TEXT as one call, with the kind of string it is."
  (puthash process (concat (gethash process got) text) got)
  (transcript-event process (format "filter %s %s %s" (process-name process)
                                    (if (multibyte-string-p text) 'multibyte 'unibyte)
                                    (transcript-print text))))

(defun on-event (process string)
  "Record STRING with the state in which the sentinel of PROCESS hears it."
  (push string (gethash process heard))
  (when (string-prefix-p "open from" string) (cl-pushnew process connections))
  (transcript-event process (format "sentinel %s %s %s" (process-name process)
                                    (transcript-print string)
                                    (transcript-print (process-status process)))))

(defun on-log (server connection string)
  "Record STRING, and the status of CONNECTION."
  (push string (gethash server heard))
  (when (processp connection) (cl-pushnew connection connections))
  (transcript-event connection (format "log %s %s %s" (process-name server)
                                       (transcript-print connection)
                                       (transcript-print (list string (and (processp connection)
                                                                           (process-status connection)))))))

(defun made (keys defaults)
  "Make a process from KEYS and those of DEFAULTS that KEYS do not name."
  (let (more)
    (while defaults
      (unless (plist-member keys (car defaults))
        (setq more (append more (list (car defaults) (cadr defaults)))))
      (setq defaults (cddr defaults)))
    (apply #'make-network-process (append keys more))))

(defun server (&rest keys)
  "Return a server that records; KEYS change its list."
  (made keys (append '(:name "s" :server t)
                     (unless (plist-get keys :local)
                       (unless (eq (plist-get keys :family) 'local)
                         (append (unless (plist-get keys :family) '(:host "127.0.0.1")) '(:service t))))
                     '(:filter on-text :sentinel on-event :log on-log))))

(defun port (process)
  "Return the port of PROCESS."
  (process-contact process :service))

(defun client (target &rest keys)
  "Return a client of TARGET, a server or a port, that records; KEYS change its list."
  (let ((local (and (processp target) (process-contact target :local))))
    (made keys (append '(:name "c")
                       (cond ((plist-get keys :remote) nil)
                             ((stringp local) (list :family 'local :service local))
                             ((and (vectorp local) (= (length local) 9))
                              (list :host "::1" :service (aref local 8)))
                             ((processp target) (list :host "127.0.0.1" :service (port target)))
                             (t (list :host "127.0.0.1" :service target)))
                       '(:filter on-text :sentinel on-event)))))

(defun transcript-wait (test form)
  "Wait until TEST, which is FORM, returns non-nil; return that."
  (let ((end (+ (float-time) patience)) value)
    (while (not (setq value (funcall test)))
      (when (> (float-time) end)
        (transcript-flush)
        (transcript-write (format "WAITED IN VAIN for %S" form))
        (throw 'transcript-end nil))
      (accept-process-output nil 0.05))
    (transcript-flush)
    value))

(defmacro until (condition)
  "Let events happen until CONDITION holds."
  `(transcript-wait (lambda () ,condition) ',condition))

(defun heard (process pattern &optional times)
  "Say whether the sentinel, or log function, of PROCESS heard PATTERN, at least TIMES."
  (>= (cl-count-if (lambda (string) (string-match-p pattern string)) (gethash process heard))
      (or times 1)))

(defun got (process)
  "Return the text that the filter of PROCESS was given."
  (gethash process got ""))

(defun until-heard (process pattern &optional times)
  "Let events happen until PROCESS heard PATTERN, at least TIMES."
  (transcript-wait (lambda () (heard process pattern times)) (list 'heard (process-name process) pattern)))

(defun until-got (process text)
  "Let events happen until what PROCESS got ends with TEXT."
  (transcript-wait (lambda () (string-suffix-p text (got process))) (list 'got (process-name process) text)))

(defun until-accepted (&optional count)
  "Let events happen until COUNT connections (one) were accepted in all; return the newest."
  (transcript-wait (lambda () (>= (length connections) (or count 1))) '(accepted))
  (car connections))

(defvar settle-receiver nil)
(defvar settle-sender nil)
(defvar settle-count 0)

(defun settle ()
  "Let everything happen that is ready now, and no more: what is not recorded did not happen.
A datagram is sent around three times; every pass of the loop that sees it sees the rest."
  (unless settle-receiver
    (setq settle-receiver (make-network-process
                           :name " receiver" :type 'datagram :server t :host "127.0.0.1" :service t
                           :noquery t :coding 'binary :sentinel #'ignore
                           :filter (lambda (_ _) (setq settle-count (1+ settle-count))))
          settle-sender (make-network-process
                         :name " sender" :type 'datagram :host "127.0.0.1" :service (port settle-receiver)
                         :noquery t :coding 'binary :sentinel #'ignore :filter #'ignore)))
  (dotimes (_ 3)
    (let ((before settle-count))
      (process-send-string settle-sender "x")
      (transcript-wait (lambda () (> settle-count before)) '(settle)))))

(defun pair (&rest keys)
  "Return (CLIENT CONNECTION SERVER): a client made with KEYS, and the binary other end in Emacs."
  (let* ((s (server :name "peer" :coding 'binary :filter #'on-text :sentinel #'pair-event :log #'pair-log))
         (c (apply #'client s keys)))
    (until (process-get s 'connection))
    (list c (process-get s 'connection) s)))

(defun pair-log (server connection _string)
  "Remember CONNECTION as the newest one of SERVER, silently."
  (process-put server 'connection connection))

(defun pair-event (_process _string)
  "Hear nothing.")

(defun feed (sender bytes receiver)
  "Send BYTES from SENDER as one piece, and let RECEIVER read it; return what the wait returned."
  (process-send-string sender bytes)
  (accept-process-output receiver patience))

(defun decode (keys &rest pieces)
  "Record how a client made with KEYS decodes PIECES, one read each, and what is left at the end."
  (let* ((ends (apply #'pair (append keys (list :filter #'on-chunk)))) (c (car ends)) (k (cadr ends)))
    (note "coding" (process-coding-system c))
    (dolist (piece pieces)
      (note "bytes" piece)
      (note "read" (feed k piece c))
      (note "coding" (process-coding-system c)))
    (delete-process k)
    (until-heard c "broken")))

(defun encode (coding &rest texts)
  "Record the bytes that a client with CODING sends for each of TEXTS."
  (let* ((ends (pair :coding coding)) (c (car ends)) (k (cadr ends)))
    (note "coding" (process-coding-system c))
    (dolist (text texts)
      (note (if (multibyte-string-p text) "multibyte" "unibyte") text)
      (process-send-string c text)
      (unless (equal text "") (accept-process-output k patience))
      (transcript-flush)
      (note "coding" (process-coding-system c)))
    (delete-process c)))
