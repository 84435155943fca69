;;; Line feeds become carriage returns.  -*- lexical-binding: t -*-

(encode 'utf-8-mac "é\nb\n")
