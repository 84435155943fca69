;;; Coding systems of every kind decode in pieces.  -*- lexical-binding: t -*-

(decode '(:coding vietnamese-viscii-unix) "\325" "a")
(decode '(:coding ctext-unix) "\e$(B" "$" "3\e(B" "x")
(decode '(:coding iso-2022-kr-unix) "\e$)C\16" "0!" "\17a")
