;;; The keyword :filter-multibyte has no effect in Emacs.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix :filter-multibyte nil) "caf\303\251\n")
(decode '(:coding binary :filter-multibyte t) "caf\303\251\n")
