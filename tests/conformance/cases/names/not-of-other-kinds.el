;;; Names are unique across processes of every kind.  -*- lexical-binding: t -*-

(make-pipe-process :name "n" :noquery t)
(call (server :name "n"))
