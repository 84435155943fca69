;;; Binary sends the internal bytes of characters.  -*- lexical-binding: t -*-

(encode 'binary "hé\n" (string-to-unibyte "\351\n"))
(encode 'raw-text-dos "é\n")
