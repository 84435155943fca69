;;; A character cut in two is still found.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "caf\303" "\251 x\n" "y")
