;;; A name that looks numbered gets a second number.  -*- lexical-binding: t -*-

(call (server :name "n<2>") (server :name "n<2>") (server :name "n") (server :name "n"))
