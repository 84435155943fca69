;;; Undecided becomes UTF-8 with the first characters that are.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "abc" "caf\303\251\n" "more\n" "caf\351\n")
