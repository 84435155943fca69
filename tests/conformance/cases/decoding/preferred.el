;;; What the user prefers decides what undecided data is.  -*- lexical-binding: t -*-

(prefer-coding-system 'latin-1)
(decode '(:coding undecided) "abc\n" "\303\251\n")
(decode '(:coding prefer-utf-8) "abc\n" "\303\251\n")
