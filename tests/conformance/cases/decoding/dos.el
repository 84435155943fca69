;;; Only both characters together are a line end of DOS.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-dos) "a\r\nb\nc\rd" "x\r" "\ny" "z\r")
