;;; Characters go out in UTF-8, and bytes as they are.  -*- lexical-binding: t -*-

(encode 'utf-8 "hé中😀\n" (string-to-unibyte "h\303\251\n"))
