;;; With mixed line ends they are plain.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "a\r\nb\n" "c\r\n")
