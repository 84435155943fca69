;;; Without a coding it is the locale's.  -*- lexical-binding: t -*-

(encode nil "hé\n" (string-to-unibyte "a\351\r\n") "plain")
