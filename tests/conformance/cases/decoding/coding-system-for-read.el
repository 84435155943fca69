;;; The variables of one command count when no coding is given.  -*- lexical-binding: t -*-

(let ((coding-system-for-read 'latin-1-dos) (coding-system-for-write 'utf-16le))
  (decode nil "\351\r\n")
  (decode '(:coding utf-8-unix) "\303\251\r\n"))
