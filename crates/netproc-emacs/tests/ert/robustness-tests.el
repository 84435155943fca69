;;; robustness-tests.el --- What must not bring Emacs down  -*- lexical-binding: t -*-

;;; Code:

(require 'support)

(defconst robustness-values
  (list nil t 0 -1 1.5 (expt 2 70) "" "x" "grüß" "\377" 'symbol :keyword
        '(1 . 2) '(a b c) [1 2 3] (make-hash-table) (current-buffer)
        (point-marker) #'car (lambda () 1) (make-bool-vector 3 t)
        (let ((list (list 1 2))) (setcdr (cdr list) list) list)
        (let ((buffer (generate-new-buffer "killed"))) (kill-buffer buffer) buffer)
        (make-marker) (make-char-table 'test) (symbol-function 'if)
        (let ((process (make-pipe-process :name "dead" :noquery t)))
          (delete-process process)
          process))
  "Objects of every type, one that goes round in circles among them.")

(defun robustness-functions ()
  "Return every function of the module."
  (let ((functions nil))
    (mapatoms (lambda (symbol)
                (when (and (string-prefix-p "netproc--" (symbol-name symbol))
                           (fboundp symbol)
                           (eq (type-of (symbol-function symbol))
                               'module-function))
                  (push symbol functions))))
    functions))

(defun robustness-lists (count first rest)
  "Return all lists of COUNT arguments, the first of FIRST, others of REST."
  (if (= count 0)
      (list nil)
    (cl-loop for tail in (robustness-lists (1- count) rest rest)
             nconc (mapcar (lambda (value) (cons value tail)) first))))

(defun robustness-call (function arguments)
  "Call FUNCTION with ARGUMENTS, which it may refuse."
  (condition-case nil
      (catch 'netproc--leave
        (apply function arguments))
    ((error quit) nil)))

(support-deftest functions-refuse-every-wrong-type
  (let ((functions (robustness-functions)))
    (should (> (length functions) 30))
    (dolist (function functions)
      (let* ((client (support-client (support-server)))
             (number (netproc--link-number (netproc--link client))))
        (dolist (arguments (robustness-lists (car (func-arity function))
                                             (cons number robustness-values)
                                             robustness-values))
          (robustness-call function arguments))
        (mapc #'delete-process (process-list))
        (garbage-collect)))
    (netproc--collect)
    (clrhash netproc--replies)
    (setq netproc--queue nil)))

(defconst robustness-not-tried
  '(accept-process-output sleep-for kill-buffer make-process make-pipe-process
    make-serial-process make-network-process process-list signal-process
    kill-process interrupt-process quit-process gnutls-bye)
  "Companions that wait, or mean other things than processes.
Those that send signals take numbers of foreign processes, and with
`gnutls-bye' on a process of its own Emacs crashes.")

(support-deftest companions-refuse-every-wrong-type
  (dolist (function (mapcar #'car netproc--companions))
    (when (and (fboundp function) (not (memq function robustness-not-tried)))
      (let ((arity (cdr (func-arity function))))
        (dolist (arguments
                 (robustness-lists (if (numberp arity) (min arity 2) 2)
                                   (cons 'process robustness-values)
                                   robustness-values))
          (let ((client (and (eq (car arguments) 'process)
                             (support-client (support-server)))))
            (with-temp-buffer
              (robustness-call function
                               (cons (or client (car arguments))
                                     (cdr arguments))))
            (when client
              (mapc #'delete-process (process-list)))))
        (garbage-collect)))))

(support-deftest make-network-process-refuses-every-wrong-type
  (dolist (keyword '(:name :type :server :host :service :family :local :remote
                     :coding :buffer :plist :tls-parameters :keepalive
                     :priority :linger))
    (dolist (value robustness-values)
      (condition-case nil
          (delete-process
           (apply #'make-network-process
                  (list keyword value :name "x" :server t :service t)))
        (error nil))))
  (garbage-collect)
  (should-not (process-list)))

(support-deftest companions-refuse-what-is-no-process
  (dolist (value (remq nil robustness-values))
    (unless (or (bufferp value) (processp value))
      (should-error (process-contact value))
      (should-error (process-exit-status value))
      (should-error (set-process-filter value nil))
      (should-error (accept-process-output value 0))))
  (should-error (process-send-string "nobody" "x"))
  (should-error (delete-process "nobody")))

(support-deftest a-filter-may-do-anything
  (let* ((server (support-server))
         (client (support-client server))
         (calls 0))
    ;; Leave by a throw.
    (set-process-filter client (lambda (_ _) (cl-incf calls) (throw 'out 'thrown)))
    (process-send-string client "1")
    (should (eq (catch 'out
                  (while t (accept-process-output client support-patience)))
                'thrown))
    (garbage-collect)
    ;; Wait for more of the same process.
    (set-process-filter client
                        (lambda (process _)
                          (when (= (cl-incf calls) 2)
                            (process-send-string process "3")
                            (accept-process-output process support-patience))))
    (process-send-string client "2")
    (support-until (= calls 3))
    (garbage-collect)
    ;; Signal, with an error that the waiter gets.
    (set-process-filter client (lambda (_ _) (error "On purpose")))
    (process-send-string client "4")
    (let ((debug-on-error t)
          (debugger (lambda (&rest _) (throw 'out 'debugged))))
      (should (eq (catch 'out
                    (condition-case nil
                        (while t (accept-process-output client support-patience))
                      (error 'signalled)))
                  'signalled)))
    ;; Kill the buffer, and with it the process.
    (set-process-buffer client (generate-new-buffer "victim"))
    (set-process-filter client (lambda (process _)
                                 (kill-buffer (process-buffer process))
                                 (garbage-collect)))
    (process-send-string client "5")
    (support-until (eq (process-status client) 'closed)))
  (let* ((server (support-server))
         (client (support-client server
                                 :filter (lambda (process _)
                                           (delete-process process)
                                           (garbage-collect)))))
    (process-send-string client "6")
    (support-until (not (process-live-p client)))))

(support-deftest a-throw-loses-nothing
  (setq support-record nil)
  (let* ((server (support-server))
         (clients (cl-loop repeat 20 collect
                           (support-client server
                                           :filter (lambda (_ string)
                                                     (support-note string)
                                                     (throw 'out nil))))))
    (dolist (client clients)
      (process-send-string client "x"))
    (let ((end (+ (float-time) support-patience)))
      (while (and (< (length support-record) 20) (< (float-time) end))
        (catch 'out
          (accept-process-output nil 0.05))))
    (should (= (length support-record) 20))))

(support-deftest sentinels-and-log-functions-may-do-anything
  (let* ((server (make-network-process
                  :name "s" :server t :host 'local :service t
                  :log (lambda (_ connection _) (delete-process connection))))
         (client (support-client server
                                 :sentinel (lambda (process _)
                                             (garbage-collect)
                                             (delete-process process)))))
    (support-until (not (process-live-p client)))
    (set-process-sentinel server (lambda (process _)
                                   (delete-process process)
                                   (throw 'out 'thrown)))
    (should (eq (catch 'out (delete-process server)) 'thrown))
    (should (eq (process-status server) 'closed))
    (should-not (process-list))))

(support-deftest a-buffer-killed-without-hooks-is-noticed
  (let* ((server (support-server))
         (client (with-temp-buffer
                   (support-client server :buffer (current-buffer)))))
    (should (eq (process-status client) 'closed))))

(support-deftest processes-that-are-gone-are-collected
  (let ((server (support-server)))
    (dotimes (_ 50)
      (delete-process (support-client server)))
    (support-until (= (length (process-list)) 1))
    (garbage-collect)
    (support-until (progn (garbage-collect)
                          (< (hash-table-count netproc--links) 25)))))

(support-deftest quitting-gives-up-a-connection
  ;; A listener that accepts nobody, with a queue that has room for one.
  (let* ((server (make-network-process :name "full" :server 0 :stop t
                                       :host 'local :service t))
         (first (support-client server))
         (timer (run-at-time 0.1 nil (lambda () (signal 'quit nil)))))
    (should (eq (condition-case nil
                    (support-client server)
                  (quit 'quit))
                'quit))
    (cancel-timer timer)
    (delete-process first)
    (should (equal (process-list) (list server)))))

;;; robustness-tests.el ends here
