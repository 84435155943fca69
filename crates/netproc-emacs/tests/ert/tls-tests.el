;;; tls-tests.el --- TLS through the module  -*- lexical-binding: t -*-

;;; Commentary:

;; The folder that Emacs was started in has a certificate for localhost, in
;; certificate.pem, and its key, in key.pem.

;;; Code:

(require 'support)

(defvar tls-files (list (expand-file-name "key.pem")
                        (expand-file-name "certificate.pem"))
  "The key and the certificate of the server.")

(defun tls-server (&rest arguments)
  "Return an encrypted echo server with ARGUMENTS besides."
  (apply #'support-server :tls-parameters
         (list 'gnutls-x509pki :keylist (list tls-files))
         arguments))

(defun tls-parameters (&rest more)
  "Return parameters of a client that trusts the server, with MORE."
  (append '(gnutls-x509pki :hostname "localhost" :verify-error t)
          (list :trustfiles (list (cadr tls-files)))
          more))

(support-deftest an-encrypted-echo-comes-back
  (setq support-record nil)
  (let* ((server (tls-server))
         (client (support-client server
                                 :tls-parameters (tls-parameters)
                                 :filter (lambda (_ string)
                                           (support-note string))
                                 :sentinel (lambda (_ message)
                                             (support-note message)))))
    (should (equal support-record '(("open\n"))))
    (should (eq (process-status client) 'open))
    (process-send-string client "secret")
    (support-until (cdr support-record))
    (should (equal (car support-record) '("secret")))
    (let ((status (gnutls-peer-status client)))
      (should (equal (plist-get status :protocol) "TLS1.3"))
      (should (plist-get status :certificate)))
    (should (= (gnutls-get-initstage client) 9))
    (should (netproc-reload-tls server))))

(support-deftest a-handshake-in-the-background
  (setq support-record nil)
  (let* ((server (tls-server))
         (client (support-client server
                                 :nowait t
                                 :tls-parameters (tls-parameters)
                                 :sentinel (lambda (_ message)
                                             (support-note message)))))
    (should (eq (process-status client) 'connect))
    (support-until support-record)
    (should (equal support-record '(("open\n"))))
    (should (gnutls-peer-status client))))

(support-deftest whom-nobody-trusts-is-refused
  (let* ((server (tls-server))
         (parameters '(gnutls-x509pki :hostname "localhost" :verify-error t)))
    (should-error (support-client server :tls-parameters parameters))
    (setq support-record nil)
    (let ((client (support-client server
                                  :nowait t
                                  :tls-parameters parameters
                                  :sentinel (lambda (_ message)
                                              (support-note message)))))
      (support-until support-record)
      (should (eq (process-status client) 'failed))
      (should (string-prefix-p "failed" (caar support-record)))
      (should-error (process-send-string client "never in clear")))))

(support-deftest a-peer-without-tls-is-refused
  (setq support-record nil)
  (let* ((server (support-server :coding 'binary))
         (client (support-client server
                                 :nowait t
                                 :tls-parameters (tls-parameters)
                                 :sentinel (lambda (_ message)
                                             (support-note message)))))
    (support-until support-record)
    (should (eq (process-status client) 'failed))
    (should (string-prefix-p "failed" (caar support-record)))))

(support-deftest encryption-begins-in-the-middle
  (let* ((server (support-server
                  :filter (lambda (process string)
                            (when (equal string "STARTTLS")
                              (process-send-string process "OK")))))
         (client (support-client server :filter (lambda (_ string)
                                                  (support-note string)))))
    (setq support-record nil)
    (process-send-string client "STARTTLS")
    (support-until support-record)
    ;; This server does not go on: the connection is given up, not used.
    (delete-process server)
    (mapc (lambda (process)
            (unless (eq process client) (delete-process process)))
          (process-list))
    (should-error (gnutls-boot client 'gnutls-x509pki (cdr (tls-parameters))))
    (support-until (not (process-live-p client)))))

;;; tls-tests.el ends here
