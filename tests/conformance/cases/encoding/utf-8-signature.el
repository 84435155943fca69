;;; A UTF-8 byte order mark is written once.  -*- lexical-binding: t -*-

(encode 'utf-8-with-signature "é" "é")
(encode 'utf-8-auto "é")
