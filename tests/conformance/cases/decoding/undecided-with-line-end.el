;;; Undecided with a kind of line end decides the rest alone.  -*- lexical-binding: t -*-

(decode '(:coding undecided-unix) "a\r\nb\r\n" "caf\303\251\n")
(decode '(:coding undecided-dos) "a\nb\r\nc\r" "\nd")
(decode '(:coding undecided-mac) "a\rb\r\n")
