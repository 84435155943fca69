;;; A UTF-8 byte order mark is taken away.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "\357\273\277abc\n" "d")
