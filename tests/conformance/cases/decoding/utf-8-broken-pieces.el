;;; What follows a broken character is text.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "a\344\270" "b" "\255c")
