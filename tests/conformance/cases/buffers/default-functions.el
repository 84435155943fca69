;;; The default filter and sentinel can be called.  -*- lexical-binding: t -*-

(setq b (get-buffer-create "b") s (server :buffer b :sentinel #'ignore))
(call (internal-default-process-filter s "direct") (with-current-buffer b (buffer-string)) (internal-default-process-sentinel s "open\n") (with-current-buffer b (buffer-string))
      (internal-default-process-filter s 5) (internal-default-process-filter "s" "x") (process-mark s))
(delete-process s)
(call (internal-default-process-sentinel s "gone\n") (with-current-buffer b (buffer-string)))
