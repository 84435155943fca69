;;; Records what happens in a case, one event a line, so that two runs can be compared.  -*- lexical-binding: t -*-

;; Lines of the transcript go to standard error and begin with "| ", so that a crash loses
;; nothing and what Emacs itself writes there can be told apart.

(require 'cl-lib)

(defvar transcript-folder nil "Folder of this run; each case has one of its own.")
(defvar transcript-pending nil "Events not yet written, newest first: (PROCESS-NAME . LINE-OR-TEXT).")
(defvar transcript-apart nil "Non-nil while the order across processes does not count.")
(defvar transcript-ports nil "Ports seen so far, oldest first; each is written as its number in the list.")
(defvar transcript-same nil "Texts that count as others: (REGEXP . TEXT).")
(defvar transcript-connections nil "Numbers of accepted local connections seen so far, likewise.")

(setq print-escape-newlines t
      print-escape-nonascii t
      print-escape-multibyte t
      print-escape-control-characters t
      print-length nil
      print-level nil)

(defun transcript-plain (value)
  "Return VALUE without what differs from run to run: the insides of functions."
  (cond ((or (byte-code-function-p value) (eq (car-safe value) 'closure)) 'FUNCTION)
        ((eq (car-safe value) 'lambda) 'FUNCTION)
        ((consp value)
         (let ((head nil) (steps 0))
           (while (and (consp value) (not (memq (car value) '(closure lambda))) (< steps 500))
             (push (transcript-plain (pop value)) head)
             (setq steps (1+ steps)))
           (nconc (nreverse head) (and value (transcript-plain value)))))
        ((vectorp value) (vconcat (mapcar #'transcript-plain value)))
        (t value)))

(defun transcript-print (value)
  "Return VALUE as text that is the same in every run."
  (prin1-to-string (transcript-plain value)))

(defun transcript-number (value list-variable)
  "Return the place of VALUE in the list of LIST-VARIABLE, which it joins if it is new."
  (unless (member value (symbol-value list-variable))
    (set list-variable (append (symbol-value list-variable) (list value))))
  (1+ (cl-position value (symbol-value list-variable) :test #'equal)))

(defun transcript-normal (line)
  "Return LINE with folders, ports of the system's choice and counters made the same in every run."
  (let ((case-fold-search nil))
    (setq line (replace-regexp-in-string (regexp-quote transcript-folder) "/FOLDER/" line t t))
    ;; The range that the system takes ports from; no case writes another number of that size.
    (setq line (replace-regexp-in-string
                "\\b[3-6][0-9][0-9][0-9][0-9]\\b"
                (lambda (digits)
                  (if (<= 32768 (string-to-number digits) 60999)
                      (format "PORT%d" (transcript-number digits 'transcript-ports))
                    digits))
                line t t))
    ;; Accepted local connections carry one counter for the whole Emacs.
    (setq line (replace-regexp-in-string
                " <\\([0-9]+\\)>"
                (lambda (match)
                  (format " <#%d>" (transcript-number (substring match 2 -1)
                                                      'transcript-connections)))
                line t t))
    (dolist (same transcript-same)
      (setq line (replace-regexp-in-string (car same) (cdr same) line t t)))
    (replace-regexp-in-string
     "\\(?:Name or service not known\\|Temporary failure in name resolution\\|Non-recoverable failure in name resolution\\|No address associated with hostname\\)"
     "NAME UNKNOWN" line t t)))

(defun transcript-write (line)
  "Write LINE."
  (princ (concat "| " (transcript-normal line) "\n") #'external-debugging-output))

(defun transcript-flush ()
  "Write the events that wait; text of one process with nothing between is joined."
  (let ((events (nreverse transcript-pending)) text)
    (setq transcript-pending nil)
    (when transcript-apart
      (setq events (cl-stable-sort events #'string< :key #'car)))
    (while events
      (let* ((event (pop events)) (name (car event)) (what (cdr event)))
        (if (stringp what)
            (transcript-write what)
          (setq text (cdr what))
          (while (and events (equal (caar events) name) (consp (cdar events)))
            (setq text (concat text (cddr (pop events)))))
          (transcript-write (format "filter %s %s" name (transcript-print text))))))))

(defun transcript-event (process line)
  "Add LINE, which happened to PROCESS."
  (push (cons (if (processp process) (process-name process) "") line) transcript-pending)
  (unless transcript-apart (transcript-flush)))

(defun transcript-text (process text)
  "Add TEXT, which the filter of PROCESS was given."
  (push (cons (process-name process) (cons 'text text)) transcript-pending))

(defun note (label &rest values)
  "Write LABEL and VALUES as a line."
  (transcript-event nil (mapconcat #'identity
                                   (cons (format "%s:" label) (mapcar #'transcript-print values))
                                   " ")))

(defun transcript-call (form thunk)
  "Call THUNK, which is FORM, and write what it returned or signalled."
  (let* ((outcome (condition-case condition (cons '=> (funcall thunk))
                    ((error quit) (cons '!! condition)))))
    (transcript-flush)
    (transcript-write (format "%s %s %s" (let (print-escape-multibyte print-escape-nonascii)
                                           (encode-coding-string (prin1-to-string form) 'utf-8))
                              (car outcome) (transcript-print (cdr outcome))))
    (and (eq (car outcome) '=>) (cdr outcome))))

(defmacro call (&rest forms)
  "Evaluate FORMS in turn and record each with its value or its error; return the last value."
  `(progn ,@(mapcar (lambda (form) `(transcript-call ',form (lambda () ,form))) forms)))

(defmacro each (variable values &rest forms)
  "Bind VARIABLE to each of VALUES, record it, and `call' FORMS."
  (declare (indent 2))
  `(dolist (,variable ,values)
     (note ,(symbol-name variable) ,variable)
     (call ,@forms)))

(defmacro apart (&rest body)
  "Evaluate BODY; its events are written by process, because their order across is not defined."
  `(let (value)
     (transcript-flush)
     (let ((transcript-apart t))
       (setq value (progn ,@body))
       (transcript-flush))
     value))

(defun messages ()
  "Record what stands in the buffer of messages, and empty it."
  (with-current-buffer (messages-buffer)
    (let ((inhibit-read-only t))
      (note "messages" (buffer-substring-no-properties (point-min) (point-max)))
      (erase-buffer))))

(defun transcript-run (file folder)
  "Run the case FILE in FOLDER, and leave."
  (setq transcript-folder (file-name-as-directory folder))
  (let ((default-directory transcript-folder))
    (with-current-buffer (messages-buffer)
      (let ((inhibit-read-only t)) (erase-buffer)))
    (condition-case condition
        (catch 'transcript-end (load file nil t t))
      ((error quit) (transcript-flush)
       (transcript-write (format "THE CASE FAILED %s" (transcript-print condition)))))
    (transcript-flush)
    (peer-leave)
    (transcript-write "end")
    (setq kill-emacs-hook nil)
    (kill-emacs 0)))
