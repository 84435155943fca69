;;; Emacs takes the locale's coding, which is UTF-8 with plain line ends.  -*- lexical-binding: t -*-

(decode nil "abc\n" "caf\303\251\n" "caf\351\n" "x\r\n")
