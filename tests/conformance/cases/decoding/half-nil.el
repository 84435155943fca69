;;; A decoder of nil is undecided.  -*- lexical-binding: t -*-

(decode '(:coding (nil . utf-8)) "caf\303\251\n" "a\r\n" "caf\351\n")
