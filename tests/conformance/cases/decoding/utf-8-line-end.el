;;; UTF-8 of no line end decides with the first one.  -*- lexical-binding: t -*-

(decode '(:coding utf-8) "abc" "a\r\nb\r\n" "\nx")
(decode '(:coding utf-8) "a\nb\n" "c\r\n")
