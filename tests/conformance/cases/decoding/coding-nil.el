;;; A coding of nil is as none.  -*- lexical-binding: t -*-

(decode '(:coding nil) "caf\303\251\r\n")
