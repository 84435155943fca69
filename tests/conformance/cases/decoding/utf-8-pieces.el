;;; Characters of UTF-8 may come in pieces.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "\344" "\270" "\255" "\360\237\230" "\200" "x")
