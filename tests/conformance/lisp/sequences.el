;;; Runs generated sequences of operations, many in one Emacs, each apart from the others.  -*- lexical-binding: t -*-

;; A sequence is a list of steps (NUMBER RUSHED EXPECTED FORM). What a step made is called by the
;; number, as in p3, and what a server of that name accepted p3/1, p3/2 and so on. After a step
;; everything happens that is ready, unless it is rushed: then the next step comes at once. The
;; order of events is kept for each process, and is not defined across them.

(defvar sequence-processes nil "Processes of this sequence, the newest first: (LABEL . PROCESS).")
(defvar sequence-accepted nil "How many connections each server accepted: (LABEL . COUNT).")
(defvar sequence-packets nil "Labels of the processes that keep the bounds of messages.")
(defvar sequence-connecting nil "Labels of the processes that may still be connecting.")
(defvar sequence-events nil "What was heard and not yet written, the newest first: (LABEL . EVENT).")
(defvar sequence-heard 0 "How much was heard in this sequence.")
(defvar sequence-turns nil "How often each callback acted: ((FUNCTION . LABEL) . COUNT).")
(defvar sequence-patience 5 "Seconds to wait for what is expected.")
(defvar sequence-behind nil "Whether what was expected has failed to come.")
(defvar sequence-owners nil "The buffers that accepted connections came with: (BUFFER . LABEL).")
(defvar sequence-buffers nil "The buffers that there were before the sequence.")

;;; What is heard

(defun sequence-label (process)
  "Return the label of PROCESS, which is given one if it has none."
  (or (car (rassq process sequence-processes))
      (let* ((name (process-name process))
             (server (cl-find-if (lambda (entry)
                                   (string-prefix-p (concat (process-name (cdr entry)) " <") name))
                                 sequence-processes))
             (label (if server
                        (format "%s/%d" (car server) (cl-incf (alist-get (car server) sequence-accepted
                                                                         0 nil #'equal)))
                      (format "stranger %s" name))))
        (when (member (car server) sequence-packets) (push label sequence-packets))
        (push (cons label process) sequence-processes)
        (when (process-buffer process) (push (cons (process-buffer process) label) sequence-owners))
        label)))

(defun sequence-hear (process weight event)
  "Note EVENT of PROCESS, which counts as WEIGHT."
  (setq sequence-heard (+ sequence-heard weight))
  (push (cons (if (processp process) (sequence-label process) "") event) sequence-events))

(defun sequence-text (process text)
  "Note that the filter of PROCESS was given TEXT."
  (let ((kind (if (multibyte-string-p text) 'multibyte 'unibyte)))
    (sequence-hear process (length text)
                   (if (member (sequence-label process) sequence-packets)
                       (format "message %s %s" kind (transcript-print text))
                     (list kind text)))))

(defun sequence-event (process string)
  "Note that the sentinel of PROCESS was told STRING."
  (unless (string-prefix-p "open from" string)
    (setq sequence-connecting (delete (sequence-label process) sequence-connecting)))
  (sequence-hear process 1 (format "sentinel %s %s" (transcript-print string) (process-status process))))

(defun sequence-log (server connection string)
  "Note that the log function of SERVER was given CONNECTION and STRING."
  (sequence-hear (or connection server) 1
                 (format "log of %s %s %s" (sequence-label server) (transcript-print string)
                         (and connection (process-status connection)))))

(defun sequence-note (process label value)
  "Note VALUE under LABEL for PROCESS."
  (sequence-hear process 0 (format "%s %s" label (transcript-print value))))

(defun sequence-flush ()
  "Write what was heard, by process; text of a stream is joined."
  (let ((events (cl-stable-sort (nreverse sequence-events) #'string< :key #'car)))
    (setq sequence-events nil)
    (while events
      (let* ((event (pop events)) (label (car event)) (what (cdr event)))
        (when (consp what)
          (while (and events (equal (caar events) label) (consp (cdar events))
                      (eq (cadar events) (car what)))
            (setq what (list (car what) (concat (cadr what) (caddr (pop events))))))
          (setq what (format "filter %s %s" (car what) (transcript-print (cadr what)))))
        (transcript-write (format "  %s %s" label what))))))

;;; Callbacks. Each notes what it was given, then does as it is called.

(defmacro sequence-act (process count &rest body)
  "Evaluate BODY the first COUNT times for PROCESS, and note an error."
  (declare (indent 2))
  `(when (<= (cl-incf (alist-get (cons ',(car body) (sequence-label ,process)) sequence-turns
                                 0 nil #'equal))
             ,count)
     ,@body))

(defmacro sequence-tried (process form)
  "Evaluate FORM and note its error for PROCESS, so that it does not become one of the callback."
  `(condition-case condition ,form
     (error (sequence-note ,process "refused" condition))))

(defmacro sequence-callbacks (&rest actions)
  "Define for each (NAME COUNT FORM) of ACTIONS a filter, a sentinel and a log function.
FORM acts on the variable `process', up to COUNT times."
  `(progn
     ,@(mapcan (lambda (action)
                 (let ((name (car action)) (count (cadr action)) (form (caddr action)))
                   (list `(defun ,(intern (format "filter-%s" name)) (process text)
                            (sequence-text process text)
                            (sequence-act process ,count ,form))
                         `(defun ,(intern (format "sentinel-%s" name)) (process string)
                            (sequence-event process string)
                            (sequence-act process ,count ,form))
                         `(defun ,(intern (format "log-%s" name)) (server process string)
                            (sequence-log server process string)
                            (when process (sequence-act process ,count ,form))))))
               actions)))

(sequence-callbacks
 (records 0 nil)
 (errs 1 (error "boom"))
 (quits 1 (signal 'quit nil))
 (throws 1 (throw 'sequence-out 'thrown))
 (deletes 1 (delete-process process))
 (answers 2 (sequence-tried process (process-send-string process "answer\n")))
 (ends 1 (sequence-tried process (process-send-eof process)))
 (stops 1 (stop-process process))
 (enters 2 (accept-process-output process 0))
 (waits 2 (accept-process-output nil 0))
 (mutes 1 (set-process-filter process t))
 (swaps 1 (set-process-filter process #'filter-records))
 (retires 1 (set-process-sentinel process #'sentinel-records))
 (unhands 1 (set-process-buffer process nil))
 (collects 1 (garbage-collect))
 (kills 1 (when (eq (get-buffer-process (process-buffer process)) process)
            (let ((buffer (process-buffer process)))
              ;; The order in which others would hear of it is not defined.
              (unless (cl-some (lambda (other) (and (not (eq other process))
                                                    (eq (process-buffer other) buffer)))
                               (process-list))
                (kill-buffer buffer)))))
 (marks 3 (process-put process 'mark (cons 'seen (process-get process 'mark))))
 (tells 3 (sequence-note process "state" (sequence-state process)))
 (inserts 9 (when (buffer-live-p (process-buffer process))
              (with-current-buffer (process-buffer process)
                (goto-char (point-min))
                (insert "+")))))

(defun filter-inserts-all (process text)
  "Note TEXT of PROCESS and insert it as the default filter does."
  (sequence-text process text)
  (internal-default-process-filter process text))

(defun filter-wants-more (_process) "A filter of too few arguments." nil)

(defun log-deletes-server (server process string)
  "Note the arguments and delete SERVER."
  (sequence-log server process string)
  (delete-process server))

;;; What steps are written with

(defun it (label)
  "Return the process called LABEL; without one the step is left out."
  (or (cdr (assoc label sequence-processes)) (throw 'sequence-absent t)))

(defun sequence-state (process)
  "Return what can be asked of PROCESS without harm."
  (let ((status (process-status process)))
    (list status (process-live-p process)
          ;; In these states the question may crash Emacs.
          (if (memq status '(connect stop)) 'unasked (process-exit-status process))
          (process-command process) (and (memq process (process-list)) 'listed))))

(defun exit-status (process)
  "Return the exit status of PROCESS, unless the question may crash Emacs."
  (if (memq (process-status process) '(connect stop)) 'unasked (process-exit-status process)))

(defun output-of (process just-this-one)
  "Look for output of PROCESS, or of all if that is nil; JUST-THIS-ONE is as when waiting."
  (sequence-endless process just-this-one)
  (accept-process-output process 0 nil just-this-one))

(defun exchange (from text to just-this-one)
  "Send TEXT on FROM, and return whether TO got output; JUST-THIS-ONE is as when waiting."
  (sequence-endless to just-this-one)
  (process-send-string from text)
  (accept-process-output to 0.5 nil just-this-one))

(defun sequence-endless (process just-this-one)
  "Leave the step out if a wait for PROCESS could be without end; JUST-THIS-ONE is as there.
Stock Emacs waits for it to read what it will not read."
  (when (and process just-this-one
             (or (eq (process-filter process) t) (eq (process-command process) t)))
    (throw 'sequence-absent t)))

(defun in-region (process text start end)
  "Send what is from START to END of a buffer with TEXT on PROCESS."
  (with-temp-buffer (insert text) (process-send-region process start end)))

(defun dead-buffer ()
  "Return a buffer that is killed."
  (let ((buffer (generate-new-buffer "dead"))) (kill-buffer buffer) buffer))

(defun sequence-swapped (start end)
  "Return how many characters are more from START to END for the words that stock Emacs swaps."
  (* 2 (how-many "\\b0:0:0:0:0:0:0:100\\b" start end)))

(defun sequence-position (position)
  "Return POSITION as it is with the words of addresses in their order."
  (- position (sequence-swapped (point-min) position)))

(defun sequence-size (buffer)
  "Return how much text there is in BUFFER."
  (with-current-buffer buffer
    (save-restriction (widen) (- (buffer-size) (sequence-swapped (point-min) (point-max))))))

(defun shown (buffer)
  "Return the text of BUFFER and where point is."
  (let ((buffer (get-buffer buffer)))
    (and buffer (with-current-buffer buffer
                  (list (buffer-substring-no-properties (point-min) (point-max))
                        (sequence-position (point))
                        enable-multibyte-characters)))))

(defun marked (process)
  "Return where the mark of PROCESS is."
  (let ((mark (process-mark process)))
    (list (and (marker-buffer mark)
               (with-current-buffer (marker-buffer mark)
                 (save-restriction (widen) (sequence-position (marker-position mark)))))
          (and (marker-buffer mark) (buffer-name (marker-buffer mark)))
          (marker-insertion-type mark))))

(defun names (processes)
  "Return the names of PROCESSES that are of this sequence."
  (mapcar #'process-name (cl-remove-if (lambda (process) (memq process (list settle-sender settle-receiver)))
                                       processes)))

;;; Waiting

(defmacro sequence-guard (process form)
  "Evaluate FORM and note for PROCESS how it was left, if not in the ordinary way."
  `(let ((left (condition-case condition
                   (catch 'sequence-out ,form nil)
                 ((error quit) condition))))
     (when left (sequence-note ,process "left by" left))))

(defun sequence-progress ()
  "Return a number that grows with all that happens."
  (dolist (process (reverse (process-list)))
    (unless (memq process (list settle-sender settle-receiver)) (sequence-label process)))
  (apply #'+ sequence-heard (length sequence-processes)
         (append
          (mapcar (lambda (entry) (if (process-live-p (cdr entry)) 0 1)) sequence-processes)
          (mapcar #'sequence-size (sequence-new-buffers)))))

(defun sequence-round ()
  "Let everything happen that is ready now."
  (let ((before settle-count) (end (+ (float-time) 10)))
    (process-send-string settle-sender "x")
    (while (and (= before settle-count) (< (float-time) end))
      (sequence-guard nil (accept-process-output settle-receiver 1)))))

(defun sequence-connecting ()
  "Return a process that may still be connecting."
  (cl-some (lambda (label)
             (let ((process (cdr (assoc label sequence-processes))))
               (and (memq (process-status process) '(connect stop)) process)))
           sequence-connecting))

(defvar sequence-nowait nil "Labels of the processes that connect in the background.")

(defun sequence-tell-failures ()
  "Write beside the transcript which processes failed without telling their sentinels.
Only stock Emacs has such processes."
  (dolist (label (unless (fboundp 'netproc-mode) sequence-nowait))
    (let* ((process (cdr (assoc label sequence-processes)))
           (status (sequence-status-under-stop process))
           (how (cond ((eq status 'connect) nil)
                      ((memq status '(open closed)) 'none)
                      ((not (eq status 'failed)) 'at-once)
                      ((stringp (process-exit-status process)) 'lookup)
                      (t 'none))))
      (when how
        (setq sequence-nowait (delete label sequence-nowait))
        (unless (eq how 'none)
          (transcript-write (format "~ failed %s %s" (substring label 1) how)))))))

(defun sequence-status-under-stop (process)
  "Return the status that PROCESS has but for being stopped."
  (if (eq (process-status process) 'stop)
      (progn
        (continue-process process)
        (prog1 (process-status process) (stop-process process)))
    (process-status process)))

(defun sequence-wait (seconds test)
  "Let events happen until TEST returns non-nil, for SECONDS at most; return what it does."
  (let ((end (+ (float-time) seconds)) value)
    (while (and (not (setq value (funcall test))) (< (float-time) end))
      ;; Whether a name was looked up is seen by a wait for all processes only.
      (sequence-guard nil (accept-process-output nil 0.01)))
    value))

(defun sequence-settle (expected)
  "Let events happen until nothing does, and there is as much progress as EXPECTED, if that is known."
  (unless (sequence-wait 1 (lambda () (not (sequence-connecting))))
    (setq sequence-connecting nil))
  (when (and expected (not sequence-behind)
             (not (sequence-wait sequence-patience (lambda () (>= (sequence-progress) expected)))))
    (setq sequence-behind t))
  (let ((before -1))
    (dotimes (_ 3) (sequence-round))
    ;; Text that nobody keeps is no progress; where it is read on another thread, it may be late.
    (sequence-guard nil (accept-process-output nil 0.002))
    (while (/= before (setq before (sequence-progress))) (sequence-round))))

;;; Running

(defun sequence-step (number rushed expected form)
  "Take step NUMBER, which is FORM; RUSHED and EXPECTED are as the head of this file says."
  (let* ((absent t)
         (outcome (catch 'sequence-absent
                    (prog1 (condition-case condition
                               (let (thrown value)
                                 (setq thrown (catch 'sequence-out (setq value (eval form t)) nil))
                                 (if thrown (cons '!! (list 'left 'by thrown)) (cons '=> value)))
                             ((error quit) (cons '!! condition)))
                      (setq absent nil))))
         (made (and (not absent) (eq (car-safe form) 'make-network-process) (processp (cdr outcome))
                    (cdr outcome))))
    (when made
      (let ((label (format "p%d" number)))
        ;; What was heard of it meanwhile was heard of a stranger.
        (setq sequence-processes (cl-delete made sequence-processes :key #'cdr))
        (push (cons label made) sequence-processes)
        (dolist (event sequence-events)
          (when (equal (car event) (format "stranger %s" (process-name made))) (setcar event label)))
        (when (plist-get (cdr form) :nowait)
          (push label sequence-connecting)
          (push label sequence-nowait))
        (when (member (plist-get (cdr form) :type) '('datagram 'seqpacket))
          (push label sequence-packets))))
    (transcript-write (format "%d: %s" number
                              (if absent "absent"
                                (format "%s %s" (car outcome) (transcript-print (cdr outcome))))))
    (unless rushed (sequence-settle expected))
    (sequence-tell-failures)
    (let ((progress (sequence-progress)))
      (sequence-flush)
      (unless rushed (transcript-write (format "~ %d %d" number progress))))))

(defun sequence-report ()
  "Write what has become of every process and buffer."
  (dolist (entry (cl-sort (copy-sequence sequence-processes) #'string< :key #'car))
    (let ((process (cdr entry)))
      (transcript-write
       (concat (car entry) ": "
               (transcript-print
                (list process (sequence-state process) (process-buffer process) (marked process)
                      (process-plist process) (process-filter process) (process-sentinel process)
                      (process-query-on-exit-flag process)))))))
  (dolist (buffer (cl-sort (sequence-new-buffers) #'string< :key #'sequence-place))
    (transcript-write (format "%s: %s" buffer (transcript-print (shown buffer))))))

(defun sequence-place (buffer)
  "Return where BUFFER stands in the report: by its first process, if its name has a number in it."
  (concat (replace-regexp-in-string "[0-9]+>" ">" (buffer-name buffer))
          " " (cdr (assq buffer sequence-owners))))

(defun sequence-new-buffers ()
  "Return the buffers that the sequence has made, but not those that Emacs has for itself."
  (cl-remove-if (lambda (buffer) (or (memq buffer sequence-buffers)
                                     (string-prefix-p " " (buffer-name buffer))))
                (buffer-list)))

(defun sequence-clean ()
  "Remove what the sequence left."
  (dolist (process (process-list))
    (unless (memq process (list settle-sender settle-receiver))
      (ignore-errors
        (set-process-filter process #'ignore)
        (set-process-sentinel process #'ignore)
        (delete-process process))))
  (dolist (buffer (sequence-new-buffers))
    (with-current-buffer buffer (setq-local kill-buffer-hook nil))
    (kill-buffer buffer))
  (dolist (folder (list transcript-folder (expand-file-name ".." transcript-folder)))
    (dolist (file (directory-files folder t))
      (when (string-prefix-p "s" (file-attribute-modes (file-attributes file)))
        (delete-file file)))))

(defun sequence-run (number steps)
  "Run sequence NUMBER, which consists of STEPS."
  (setq sequence-processes nil sequence-owners nil sequence-accepted nil sequence-packets nil
        sequence-connecting nil sequence-nowait nil
        sequence-events nil sequence-heard 0 sequence-turns nil sequence-behind nil
        transcript-ports nil transcript-connections nil
        sequence-buffers (buffer-list))
  (transcript-write (format "begin %d" number))
  (dolist (step steps) (apply #'sequence-step step))
  (sequence-report)
  (sequence-clean)
  (sequence-round)
  (transcript-write (format "done %d" number)))

(defun sequences-run (file folder)
  "Run the sequences of FILE in FOLDER, and leave.
FILE has a list: the seconds of `sequence-patience', then (NUMBER . STEPS) for each sequence."
  (setq transcript-folder (file-name-as-directory folder)
        ;; Stock Emacs swaps the bytes of these words; a case of its own shows it.
        transcript-same '(("\\b0:0:0:0:0:0:0:100\\b" . "0:0:0:0:0:0:0:1")))
  (let ((default-directory transcript-folder)
        (kill-buffer-query-functions nil)
        (sequences (with-temp-buffer
                     (let ((coding-system-for-read 'utf-8-emacs)) (insert-file-contents file))
                     (read (current-buffer)))))
    (setq sequence-patience (pop sequences))
    (settle)
    (messages-buffer)
    (dolist (sequence sequences)
      (condition-case condition
          (sequence-run (car sequence) (cdr sequence))
        ((error quit) (transcript-write (format "THE CASE FAILED %s" (transcript-print condition)))))))
  (transcript-write "end")
  (setq kill-emacs-hook nil)
  (kill-emacs 0))
