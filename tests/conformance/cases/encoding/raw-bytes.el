;;; Raw bytes in a string go out as bytes.  -*- lexical-binding: t -*-

(encode 'utf-8-unix (string #x3fff80 #x3fffff) (string #xd800) (string #x110000))
