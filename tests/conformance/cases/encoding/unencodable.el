;;; Characters that a coding lacks become a blank or a question mark.  -*- lexical-binding: t -*-

(encode 'latin-1 "é€中x")
(encode 'us-ascii "éx")
(encode 'koi8-r "аé")
