;;; Units and pairs of UTF-16 may come in pieces.  -*- lexical-binding: t -*-

(decode '(:coding utf-16le-unix) "a\0b" "\0c\0" "=\330" "\0\336")
(decode '(:coding utf-16be-unix) "\0a\330" "=\336\0\0b")
