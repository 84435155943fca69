;;; streams-tests.el --- Clients and servers through the module  -*- lexical-binding: t -*-

;;; Code:

(require 'support)

(support-deftest news-is-no-output-however-late-it-is
  ;; The wait is over by the time that the pipe has said something.
  (let ((netproc--moment 0))
    (should-not (netproc--accept-any (lambda (&rest _) t) 0))))

(support-deftest an-echo-comes-back
  (let* ((server (support-server))
         (client (support-client server :buffer (generate-new-buffer "echo"))))
    (should (netproc-process-p client))
    (should (eq (process-status client) 'open))
    (should (equal (process-live-p client) '(open listen connect stop)))
    (process-send-string client "grüß\n")
    (should (accept-process-output client support-patience))
    (with-current-buffer (process-buffer client)
      (support-until (equal (buffer-string) "grüß\n"))
      (should (= (process-mark client) (point-max))))
    (kill-buffer (process-buffer client))
    (should (eq (process-status client) 'closed))))

(support-deftest little-that-arrives-often-is-told-at-once
  (setq support-record nil)
  (let* ((server (support-server))
         (client (support-client server
                                 :filter (lambda (_ string)
                                           (support-note string))))
         (fastest support-patience))
    (dotimes (count 20)
      (let ((start (float-time)))
        (process-send-string client "x")
        (support-until (= (length support-record) (1+ count)))
        (setq fastest (min fastest (- (float-time) start)))))
    ;; A wait for any process takes Emacs 10 ms more than its output; what is
    ;; read adaptively would be found at its end only.
    (should (< fastest 0.03))))

(support-deftest events-come-in-the-order-of-emacs
  (setq support-record nil)
  (let* ((server (make-network-process
                  :name "s" :server t :host 'local :service t
                  :log (lambda (server connection message)
                         (support-note 'log server (process-status connection)
                                       message))
                  :sentinel (lambda (process message)
                              (support-note 'sentinel (process-status process)
                                            message))
                  :filter (lambda (_process string)
                            (support-note 'filter string))))
         (client (support-client server)))
    (process-send-string client "words")
    (process-send-eof client)
    (support-until (= (length support-record) 4))
    (should (equal (reverse support-record)
                   `((log ,server open "accept from 127.0.0.1\n")
                     (sentinel open "open from 127.0.0.1\n")
                     (filter "words")
                     (sentinel closed "connection broken by remote peer\n"))))))

(support-deftest a-connection-has-the-slots-of-its-server
  (let* ((server (support-server :plist '(a 1) :sentinel #'ignore))
         (client (support-client server))
         (connection (support-until
                      (cl-find "server <" (process-list) :key #'process-name
                               :test #'string-prefix-p))))
    (should (equal (process-plist connection) '(a 1)))
    (should (eq (process-sentinel connection) #'ignore))
    (should (eq (process-contact connection :server) nil))
    (should (equal (process-contact connection :host) "127.0.0.1"))
    (should (equal (process-contact connection :remote)
                   (process-contact client :local)))))

(support-deftest errors-are-those-of-emacs
  (should (equal (should-error (make-network-process :name 5))
                 '(wrong-type-argument stringp 5)))
  (should (equal (should-error (make-network-process :name "c" :host 'local
                                                     :service 1))
                 '(file-error "make client process failed" "Connection refused"
                              :name "c" :host local :service 1)))
  (let ((buffer (current-buffer)))
    (should (equal (should-error (make-network-process
                                  :name "c" :host buffer :service 1))
                   (list 'wrong-type-argument 'stringp buffer))))
  (let* ((server (support-server))
         (client (support-client server)))
    (delete-process client)
    (should (equal (should-error (process-send-string client "x"))
                   '(error "Process client not running")))))

(support-deftest a-connection-is-made-in-the-background
  (setq support-record nil)
  (let* ((server (support-server))
         (note (lambda (process message)
                 (support-note (process-name process) message)))
         (client (support-client server :nowait t :sentinel note)))
    (should (eq (process-status client) 'connect))
    (support-until support-record)
    (should (equal support-record '(("client" "open\n"))))
    (delete-process client)
    (should (equal (car support-record) '("client" "deleted\n")))
    (setq client (make-network-process :name "none" :host 'local :service 1
                                       :nowait t :sentinel note))
    (support-until (eq (process-status client) 'failed))
    (should (equal (car support-record) '("none" "failed with code 111\n")))
    (should (= (process-exit-status client) 111))))

(support-deftest datagrams-and-records
  (let* ((server (support-server :type 'datagram))
         (client (support-client server :type 'datagram
                                 :buffer (generate-new-buffer "datagram"))))
    (process-send-string client "one")
    (should (accept-process-output client support-patience))
    (should (equal (with-current-buffer (process-buffer client) (buffer-string))
                   "one"))
    (should (equal (process-datagram-address client)
                   (process-contact server :local))))
  (let* ((folder (make-temp-file "netproc" t))
         (path (expand-file-name "socket" folder)))
    (unwind-protect
        (let ((server (make-network-process
                       :name "records" :type 'seqpacket :server t
                       :family 'local :service path
                       :filter #'process-send-string))
              (client (make-network-process
                       :name "record" :type 'seqpacket :family 'local
                       :service path
                       :filter (lambda (_ string) (support-note string)))))
          (setq support-record nil)
          (process-send-string client "one")
          (process-send-string client "two")
          (support-until (= (length support-record) 2))
          (should (equal support-record '(("two") ("one"))))
          (should (eq (process-status server) 'listen)))
      (mapc #'delete-process (process-list))
      (delete-directory folder t))))

(support-deftest what-is-stopped-waits
  (setq support-record nil)
  (let* ((server (support-server))
         (client (support-client server
                                 :filter (lambda (_ string)
                                           (support-note string)))))
    (should (eq (stop-process client) client))
    (should (eq (process-status client) 'stop))
    (process-send-string client "later")
    (accept-process-output client 0.1)
    (should-not support-record)
    (continue-process client)
    (support-until support-record)
    (set-process-filter client t)
    (process-send-string client "much later")
    (accept-process-output client 0.1)
    (should (equal support-record '(("later"))))
    (set-process-filter client (lambda (_ string) (support-note string)))
    (support-until (cdr support-record))))

(support-deftest bytes-and-characters-are-kept
  (setq support-record nil)
  (let* ((server (support-server :coding 'binary))
         (client (support-client server :coding 'binary
                                 :filter (lambda (_ string)
                                           (support-note string))))
         (bytes (apply #'unibyte-string (number-sequence 0 255))))
    (process-send-string client bytes)
    (support-until (equal (apply #'concat (mapcar #'car (reverse support-record)))
                          bytes))
    (should-not (multibyte-string-p (caar support-record)))
    (set-process-coding-system client 'utf-8 'utf-8)
    (should (equal (process-coding-system client) '(utf-8 . utf-8-unix)))
    (setq support-record nil)
    (process-send-string client "a\xff")
    (support-until support-record)
    (should (equal (caar support-record) (string-to-multibyte "a\xff")))
    (should (multibyte-string-p (caar support-record)))
    ;; Characters and raw bytes together.
    (setq support-record nil)
    (process-send-string client (concat "ö" (string-to-multibyte "\377")))
    (support-until support-record)
    (should (equal (caar support-record)
                   (concat "ö" (string-to-multibyte "\377"))))))

(support-deftest processes-of-emacs-are-left-to-emacs
  (let ((process (make-process :name "cat" :command '("cat") :noquery t
                               :buffer (generate-new-buffer "cat")))
        (server (support-server)))
    (should-not (netproc-process-p process))
    (should (equal (sort (mapcar #'process-name (process-list)) #'string<)
                   '("cat" "server")))
    (process-send-string process "meow\n")
    (should (accept-process-output process support-patience))
    (should (eq (get-buffer-process "cat") process))
    (should (eq (get-process "server") server))
    (delete-process process)
    (should (equal (process-list) (list server)))))

(support-deftest the-mode-turned-off-leaves-no-trace
  (let ((server (support-server)))
    (netproc-mode -1)
    (should-not (netproc-process-p
                 (make-network-process :name "x" :server t :host 'local
                                       :service t)))
    (should (eq (process-status server) 'listen))
    (mapc #'delete-process (process-list))
    (netproc-mode 1)
    (netproc-mode -1)
    (should (subrp (symbol-function 'process-status)))
    (should (subrp (symbol-function 'make-network-process)))))

(support-deftest messages-come-whole
  (dolist (case '((line "one\n\ntwö\nrest" ("one" "" "twö" "rest"))
                  (crlf "a\nb\r\nc\r\n" ("a\nb" "c"))
                  (content-length "Content-Length: 4\r\n\r\ntwöContent-Length: 0\r\n\r\n"
                                  ("twö" ""))
                  (netstring "4:twö,0:," ("twö" ""))))
    (setq support-record nil)
    (let* ((server (support-server
                    :framing (car case) :coding 'utf-8-unix
                    :filter (lambda (_ string) (support-note string))
                    :sentinel (lambda (_ message)
                                (when (string-prefix-p "connection" message)
                                  (support-note 'end)))))
           (client (support-client server :coding 'utf-8-unix)))
      (seq-doseq (character (nth 1 case))
        (process-send-string client (string character)))
      (delete-process client)
      (support-until (equal (car support-record) '(end)))
      (should (equal (mapcar #'car (reverse (cdr support-record)))
                     (nth 2 case)))
      (delete-process server)))
  (should-error (support-server :framing 'none)))

;;; streams-tests.el ends here
