;;; Coding systems of every kind encode.  -*- lexical-binding: t -*-

(encode 'chinese-hz "中" "a中b" "\303")
(encode 'vietnamese-viscii "ạ" "é\n")
(encode 'utf-7-dos "é\n" "a")
