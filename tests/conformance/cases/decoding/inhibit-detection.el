;;; Escapes and NULs can be taken as text by variables.  -*- lexical-binding: t -*-

(let ((inhibit-iso-escape-detection t)) (decode '(:coding undecided) "\e$B$3$s\e(B\n"))
(let ((inhibit-null-byte-detection t)) (decode '(:coding undecided) "a\0\303\251"))
