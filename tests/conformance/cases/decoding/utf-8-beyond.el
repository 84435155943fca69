;;; Code points beyond Unicode are characters.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "\364\220\200\200\n" "\370\210\200\200\200\n")
