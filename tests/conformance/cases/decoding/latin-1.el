;;; Latin-1 and its name after the first line end.  -*- lexical-binding: t -*-

(decode '(:coding latin-1) "caf\351\n" "a\r\nb\r\n")
(decode '(:coding latin-1-unix) "\200\237\240\377" "a\r\n")
