;;; demos.el --- What users of Emacs gain by netproc  -*- lexical-binding: t -*-

;;; Commentary:

;; Each demonstration is a command, which says what it measures and signals
;; an error if that is not as promised.  From a shell, in the root folder:
;;
;;   emacs --batch -Q -L target/release -L crates/netproc-emacs/lisp \
;;     -l crates/netproc-emacs/demos/demos.el -f demo-all

;;; Code:

(require 'cl-lib)
(require 'netproc)

(defconst demo-tick 0.01
  "The time between two ticks of the clock, in seconds.")

(defvar demo-slip 0.05
  "How late a tick may be, in seconds.")

(defvar demo-connections 5000
  "How many connections `demo-connections' makes.")

(defvar demo-bytes 200000000
  "How many bytes `demo-throughput' receives.")

(defvar demo-gain 2
  "How many times as fast as by Emacs itself they are to be received.")

(defun demo-server (&rest arguments)
  "Return a server with ARGUMENTS."
  (apply #'make-network-process
         (append arguments
                 '(:name "demo-server" :server t :host local :service t
                         :noquery t))))

(defun demo-client (server &rest arguments)
  "Return a client of SERVER with ARGUMENTS."
  (apply #'make-network-process
         :name "demo-client" :host 'local :noquery t
         :service (process-contact server :service) arguments))

(defun demo-clean-up ()
  "Delete all processes."
  (mapc #'delete-process (process-list)))

(defun demo-wait (condition)
  "Wait until CONDITION returns true."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end)
        (error "It did not happen"))
      (accept-process-output nil 0.05))))

(defun demo-largest-slip (body)
  "Call BODY while a clock ticks, and return by how much it was late."
  (let* ((last (float-time))
         (slip 0)
         (look (lambda ()
                 (let ((now (float-time)))
                   (setq slip (max slip (- now last demo-tick))
                         last now))))
         (timer (run-at-time demo-tick demo-tick look)))
    (garbage-collect)
    (setq last (float-time))
    (unwind-protect (funcall body)
      (cancel-timer timer))
    (funcall look)
    slip))

(defun demo-promise-no-freeze (what body)
  "Say how much WHAT holds Emacs up, which BODY does for half a second."
  (let ((slip (demo-largest-slip
               (lambda ()
                 (with-timeout (0.5)
                   (funcall body))))))
    (message "While %s, a timer was late by %.1f ms at most" what (* slip 1000))
    (when (> slip demo-slip)
      (error "A freeze of %.3f s" slip))))

(defun demo-name-server ()
  "Have all lookups hang, if this machine asks itself for names."
  (let ((routed (bound-and-true-p netproc-mode)))
    (netproc-mode -1)
    ;; Nobody else may be a name server, and few may be one.
    (ignore-errors
      (make-network-process :name "demo-names" :type 'datagram :server t
                            :host "127.0.0.1" :service 53 :noquery t
                            :filter #'ignore))
    (when routed
      (netproc-mode 1))))

(defun demo-no-freeze ()
  "Show that Emacs goes on while a lookup, a connect or a handshake hangs."
  (interactive)
  (netproc-mode 1)
  (unwind-protect
      (let ((full (progn (demo-name-server)
                         (demo-server :stop t :server 0)))
            (silent (demo-server :filter #'ignore)))
        ;; There is room for one.
        (demo-client full)
        (demo-promise-no-freeze
         "a name is looked up"
         (lambda ()
           (ignore-errors (network-lookup-address-info "netproc.invalid"))))
        (demo-promise-no-freeze
         "a connection hangs" (lambda () (demo-client full)))
        (demo-promise-no-freeze
         "a handshake hangs"
         (lambda ()
           (demo-client silent
                        :tls-parameters '(gnutls-x509pki :hostname "silent")))))
    (demo-clean-up)))

(defun demo-everything-hangs ()
  "Show that Emacs goes on while all hangs at once that can hang."
  (interactive)
  (netproc-mode 1)
  (unwind-protect
      (let* ((full (demo-server :stop t :server 0))
             (silent (demo-server :filter #'ignore))
             (stalled (demo-client (demo-server :stop t)))
             ;; There is room for one.
             (_first (demo-client full))
             (_names (demo-name-server))
             (hanging
              (list (make-network-process
                     :name "demo-lookup" :host "netproc.invalid" :service 80
                     :nowait t :noquery t)
                    (demo-client full :nowait t)
                    (demo-client silent :nowait t
                                 :tls-parameters
                                 '(gnutls-x509pki :hostname "silent"))))
             (slip nil))
        (process-send-string stalled (make-string (* 32 1024 1024) ?x))
        (setq slip (demo-largest-slip (lambda () (sleep-for 2))))
        (message "While %s and a queue of %d MiB hang, a timer was late by \
%.1f ms at most"
                 (mapconcat (lambda (what) (format "%s" what))
                            (cl-loop for process in hanging
                                     for what in '("a lookup" "a connection"
                                                   "a handshake")
                                     when (eq (process-status process) 'connect)
                                     collect what)
                            ", ")
                 (/ (netproc-queued-bytes stalled) 1024 1024)
                 (* slip 1000))
        (when (> slip demo-slip)
          (error "A freeze of %.3f s" slip)))
    (demo-clean-up)))

(defun demo-stalled-peer ()
  "Show that sending to a peer that takes nothing does not block."
  (interactive)
  (netproc-mode 1)
  (unwind-protect
      (let* ((server (demo-server :stop t))
             (client (demo-client server))
             (string (make-string (* 1024 1024) ?x))
             (slip (demo-largest-slip
                    (lambda ()
                      (dotimes (_ 32)
                        (process-send-string client string)
                        (accept-process-output nil 0.001))))))
        (message "32 MiB were sent to a stalled peer; %d MiB wait, a timer was \
late by %.1f ms at most"
                 (/ (netproc-queued-bytes client) 1024 1024) (* slip 1000))
        (when (> slip demo-slip)
          (error "A freeze of %.3f s" slip)))
    (demo-clean-up)))

(defun demo-connections ()
  "Show more connections than `select' can watch, all of them answering."
  (interactive)
  (netproc-mode 1)
  (unwind-protect
      (let* ((start (float-time))
             (answers 0)
             (server (demo-server :server 4096 :filter #'process-send-string))
             (count (lambda (_ string) (cl-incf answers (length string))))
             (clients (cl-loop repeat demo-connections collect
                               (demo-client server :nowait t :filter count))))
        (demo-wait (lambda ()
                     (cl-every (lambda (client)
                                 (eq (process-status client) 'open))
                               clients)))
        (message "%d connections after %.1f s" (length clients)
                 (- (float-time) start))
        (dolist (client clients)
          (process-send-string client "x"))
        (demo-wait (lambda () (= answers demo-connections)))
        (message "%d answers after %.1f s" answers (- (float-time) start))
        ;; Emacs's own processes work as ever.
        (with-temp-buffer
          (call-process "echo" nil t nil "hello")
          (unless (equal (buffer-string) "hello\n")
            (error "A program cannot be run"))))
    (demo-clean-up)))

(defun demo-rate ()
  "Return how many bytes a second a filter that counts receives."
  (unwind-protect
      (let* ((count 0)
             (server (demo-server :coding 'binary
                                  :filter (lambda (_ string)
                                            (cl-incf count (length string)))))
             (start (float-time)))
        (make-process
         :name "demo-sender" :noquery t
         :command (list "bash" "-c" "head -c $1 /dev/zero >/dev/tcp/127.0.0.1/$2"
                        "sender" (number-to-string demo-bytes)
                        (number-to-string (process-contact server :service))))
        (demo-wait (lambda () (= count demo-bytes)))
        (/ count (- (float-time) start)))
    (demo-clean-up)))

(defun demo-throughput ()
  "Show how much faster text arrives than in Emacs itself."
  (interactive)
  (let (stock ours)
    (netproc-mode -1)
    (setq stock (demo-rate))
    (netproc-mode 1)
    (setq ours (demo-rate))
    (message "%d MB through a filter: %.0f MB/s, by Emacs itself %.0f MB/s"
             (/ demo-bytes 1000000) (/ ours 1e6) (/ stock 1e6))
    (when (< ours (* demo-gain stock))
      (error "Not %s times as fast" demo-gain))))

(defun demo-messages ()
  "Show that a filter gets whole messages, however they were sent."
  (interactive)
  (netproc-mode 1)
  (unwind-protect
      (let* ((messages nil)
             (server (demo-server :framing 'content-length
                                  :filter (lambda (_ message)
                                            (push message messages))))
             (client (demo-client server)))
        (dolist (piece '("Content-Le" "ngth: 5\r\n" "\r\nhel" "loContent-Length"
                         ": 6\r\n\r\n" "world!"))
          (process-send-string client piece)
          (accept-process-output nil 0.01))
        (demo-wait (lambda () (cdr messages)))
        (message "Six pieces, %d messages: %S" (length messages)
                 (reverse messages)))
    (demo-clean-up)))

(defun demo-tls-server (&optional key certificate)
  "Show an encrypted server, with the files KEY and CERTIFICATE.
Without them they are made by the program openssl, if it is there."
  (interactive)
  (netproc-mode 1)
  (let ((folder (make-temp-file "netproc" t)))
    (unwind-protect
        (progn
          (unless key
            (setq key (expand-file-name "key.pem" folder)
                  certificate (expand-file-name "certificate.pem" folder))
            (when (executable-find "openssl")
              (call-process "openssl" nil nil nil "req" "-x509" "-newkey" "ec"
                            "-pkeyopt" "ec_paramgen_curve:prime256v1" "-nodes"
                            "-days" "2" "-subj" "/CN=localhost"
                            "-addext" "subjectAltName=DNS:localhost"
                            "-addext" "basicConstraints=critical,CA:FALSE"
                            "-keyout" key "-out" certificate)))
          (if (not (file-readable-p certificate))
              (message "There is no openssl to make a certificate")
            (let* ((answer nil)
                   (server (demo-server
                            :filter #'process-send-string
                            :tls-parameters
                            (list 'gnutls-x509pki
                                  :keylist (list (list key certificate)))))
                   (client (demo-client
                            server
                            :filter (lambda (_ string) (setq answer string))
                            :tls-parameters
                            (list 'gnutls-x509pki :hostname "localhost"
                                  :verify-error t
                                  :trustfiles (list certificate)))))
              (process-send-string client "hello")
              (demo-wait (lambda () answer))
              (let ((status (gnutls-peer-status client)))
                (message "A server in Emacs answered %S by %s with %s" answer
                         (plist-get status :protocol)
                         (plist-get status :cipher))))))
      (demo-clean-up)
      (delete-directory folder t))))

(defun demo-all ()
  "Run every demonstration."
  (interactive)
  (demo-no-freeze)
  (demo-everything-hangs)
  (demo-stalled-peer)
  (demo-throughput)
  (demo-messages)
  (demo-tls-server)
  (demo-connections))

(provide 'demos)
;;; demos.el ends here
