;;; A NUL makes undecided data binary.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "x\0y\n" "caf\303\251")
