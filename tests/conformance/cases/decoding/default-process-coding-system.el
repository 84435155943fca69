;;; The default of processes counts when no coding is given.  -*- lexical-binding: t -*-

(let ((default-process-coding-system '(latin-1-dos . koi8-r))) (decode nil "\351\r\n"))
(let ((default-process-coding-system nil)) (decode nil "\303\251\r\n" "\351"))
