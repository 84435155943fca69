;;; An encoder of nil is filled in when the decoder is found.  -*- lexical-binding: t -*-

(decode '(:coding (undecided . nil)) "abc" "caf\303\251\r\n")
(decode '(:coding (utf-8-unix)) "abc" "a\r\n")
