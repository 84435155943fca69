;;; Line ends can be left alone by a variable.  -*- lexical-binding: t -*-

(let ((inhibit-eol-conversion t)) (decode '(:coding utf-8) "a\r\n") (decode '(:coding undecided) "a\r\n"))
