;;; Undecided becomes Latin-1 when it is not UTF-8.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "caf\351\n" "caf\303\251\n")
