;;; A byte order mark is written once.  -*- lexical-binding: t -*-

(encode 'utf-16 "abé" "é")
(encode 'utf-16le "é😀")
(encode 'utf-16be-with-signature-dos "é\n" "é\n")
