;;; Escapes make undecided data ISO 2022.  -*- lexical-binding: t -*-

(decode '(:coding undecided) "\e$B$3$s\e(B\n" "more\n")
