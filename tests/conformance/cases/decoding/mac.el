;;; A carriage return is a line end of the Macintosh.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-mac) "a\rb\nc\r\nd" "x\r" "\ny")
