;;; Inserting runs the hooks of changes.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (get-buffer-create "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(with-current-buffer b
  (add-hook 'before-change-functions (lambda (&rest at) (note "before" at)) nil t)
  (add-hook 'after-change-functions (lambda (&rest at) (note "after" at)) nil t))
(peer 'accept) (peer 'send "abc")
(call (accept-process-output c 5))
