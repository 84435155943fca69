;;; Undecided stays with plain line ends.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "a\nb\n" "c\r\nd\r")
