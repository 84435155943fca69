;;; Unibyte strings get their line ends, and no other conversion.  -*- lexical-binding: t -*-

(encode 'latin-1-dos (string-to-unibyte "\351a\n") "é\n")
