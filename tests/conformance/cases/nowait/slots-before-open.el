;;; Slots can be set before the connection is there.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t :sentinel #'ignore))
(set-process-sentinel c #'on-event)
(set-process-buffer c (get-buffer-create "late"))
(set-process-coding-system c 'latin-1-unix 'latin-1-unix)
(process-put c 'a 1)
(call (process-mark c) (process-coding-system c))
(until-heard c "open")
(call (process-buffer c) (process-mark c) (process-coding-system c) (process-plist c) (process-contact c :buffer))
