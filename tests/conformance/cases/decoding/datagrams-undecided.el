;;; The first datagrams decide the coding system and the line ends of those that follow.  -*- lexical-binding: t -*-

(dolist (coding '(undecided gb18030 latin-1 euc-jp raw-text))
  (dolist (texts '(("x\0y" "z\r\n") ("one\ntwo\n" "three\r\n") ("one\r\n" "two\n") ("one" "two\r\n" "\n")))
    (setq s (server :type 'datagram :coding coding :filter #'on-chunk)
          c (client s :type 'datagram :coding 'binary))
    (dolist (text texts) (feed c text s))
    (call (process-coding-system s))
    (delete-process c) (delete-process s)))
