;;; In Emacs an ASCII literal is bytes, so UTF-16 does not touch it.  -*- lexical-binding: t -*-

(encode 'utf-16le "abc" (string-to-multibyte "abc"))
