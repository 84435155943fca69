;;; What the status of a peer holds.  -*- lexical-binding: t -*-

(setq p (peer 'tls_server (place "")) c (client p :tls-parameters (list 'gnutls-x509pki :hostname "localhost" :trustfiles (list (place "cert.pem")))) status (gnutls-peer-status c) certificate (plist-get status :certificate))
(defun keys (plist) (let (keys) (while plist (push (car plist) keys) (setq plist (cddr plist))) (nreverse keys)))
(call (keys status) (keys certificate) (plist-get certificate :subject) (plist-get certificate :issuer) (plist-get certificate :version) (plist-get certificate :public-key-algorithm)
      (length (plist-get status :certificates)) (plist-get status :cipher) (plist-get status :mac) (plist-get status :encrypt-then-mac)
      (and (string-match-p "\\`[0-9]\\{4\\}-[0-9][0-9]-[0-9][0-9]\\'" (plist-get certificate :valid-from)) t) (and (string-match-p "\\`sha1:" (plist-get certificate :certificate-id)) t))
