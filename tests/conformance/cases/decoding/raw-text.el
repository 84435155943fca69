;;; Raw text finds its line ends and leaves the bytes.  -*- lexical-binding: t -*-

(decode '(:coding raw-text) "caf\303\251\n" "a\r\n")
(decode '(:coding raw-text) "a\r\nb\r\n" "c\nd")
(decode '(:coding raw-text-dos) "\303\251\r\nb\n" "c\r" "\nd")
