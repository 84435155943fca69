;;; Half a unit at the end comes as a byte.  -*- lexical-binding: t -*-

(decode '(:coding utf-16le-unix) "a\0b")
