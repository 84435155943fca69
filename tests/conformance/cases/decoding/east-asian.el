;;; Encodings of East Asia in pieces.  -*- lexical-binding: t -*-

(decode '(:coding euc-jp-unix) "\244\263" "\244" "\263")
(decode '(:coding shift_jis-unix) "\202\261" "\202" "\261")
(decode '(:coding big5-unix) "\244\244\244" "\345")
(decode '(:coding gb18030-unix) "\326\320\201" "0\201" "0")
