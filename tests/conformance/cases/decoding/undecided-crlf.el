;;; Undecided finds line ends of two characters.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "a\r\nb\r\n" "c\nd\r\n")
