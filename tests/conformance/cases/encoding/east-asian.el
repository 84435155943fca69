;;; Encodings of East Asia.  -*- lexical-binding: t -*-

(encode 'euc-jp "こ")
(encode 'shift_jis "こ")
(encode 'gb18030 "中😀")
(encode 'big5 "中")
