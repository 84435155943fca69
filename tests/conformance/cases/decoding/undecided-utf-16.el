;;; A byte order mark makes undecided data UTF-16.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "\376\377\0a\0b\0\n" "\0c")
(decode '(:coding undecided) "\377\376a\0b\0\n\0" "c\0")
