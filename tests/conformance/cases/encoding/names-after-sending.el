;;; The name of an encoder is completed by the first text that is sent.  -*- lexical-binding: t -*-

(each coding '(utf-8 latin-1 undecided prefer-utf-8 raw-text iso-2022-jp)
  (let* ((ends (pair :coding coding)) (c (car ends))) (process-send-string c "é") (accept-process-output (cadr ends) patience) (prog1 (process-coding-system c) (delete-process c))))
