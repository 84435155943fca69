;;; Other character sets of eight bits.  -*- lexical-binding: t -*-

(decode '(:coding iso-8859-15-unix) "\244")
(decode '(:coding windows-1252-unix) "\200\201\223")
(decode '(:coding koi8-r-unix) "\301\302")
(decode '(:coding us-ascii-unix) "a\351b")
