;;; UTF-16 goes by its byte order mark.  -*- lexical-binding: t -*-

(decode '(:coding utf-16) "\376\377\0a\0b" "\0c\0\n")
(decode '(:coding utf-16) "\377\376a\0b\0" "c\0\n\0")
