;;; In Emacs a carriage return at the end of a piece decides for carriage returns.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "abc\r" "\ndef\r\n" "x\r\ny")
(decode '(:coding utf-8) "abc\r" "\ndef\r\n")
