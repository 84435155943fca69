;;; Undecided finds line ends of carriage returns.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "a\rb\r" "c\nd\r\n")
