;;; Undecided encodes in UTF-8.  -*- lexical-binding: t -*-

(encode 'undecided "hé\n")
(encode 'undecided-dos "hé\n")
(encode '(utf-8 . nil) "hé\n")
