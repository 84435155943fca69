;;; What is incomplete at the end comes as bytes, before the sentinel.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "ok\344\270")
(decode '(:coding utf-8-unix) "ok\360")
