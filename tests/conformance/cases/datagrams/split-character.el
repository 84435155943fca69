;;; In Emacs a character cut in two is joined across datagrams.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :filter #'on-chunk :coding 'utf-8-unix) c (client s :type 'datagram :coding 'binary))
(process-send-string c "a\344\270") (process-send-string c "\255b\n")
(until-got s "b\n")
