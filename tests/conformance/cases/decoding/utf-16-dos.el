;;; Line ends of DOS in UTF-16.  -*- lexical-binding: t -*-

(decode '(:coding utf-16le-dos) "a\0\r\0\n\0" "b\0\r" "\0\n\0")
