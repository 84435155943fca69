;;; Binary data is given as it is, in unibyte strings.  -*- lexical-binding: t -*-

(decode '(:coding binary) "caf\303\251\r\n\0\377")
(decode '(:coding no-conversion) "caf\303\251\r\n")
