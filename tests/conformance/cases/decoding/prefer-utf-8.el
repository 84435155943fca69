;;; Prefer-utf-8 decides for UTF-8 when it can.  -*- lexical-binding: t -*-

(decode '(:coding prefer-utf-8) "caf\303\251\n" "caf\351\n")
(decode '(:coding prefer-utf-8) "a\r\n" "b\r\n")
