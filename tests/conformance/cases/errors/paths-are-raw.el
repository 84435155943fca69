;;; The path of a socket is not expanded.  -*- lexical-binding: t -*-

(let ((default-directory "/"))
  (call (make-network-process :name "c" :family 'local :service "~/nosuchsocket")))
(let ((default-directory "/"))
  (call (process-contact (server :family 'local :service "relative") t)))
(call (file-exists-p (expand-file-name "../relative" transcript-folder)))
