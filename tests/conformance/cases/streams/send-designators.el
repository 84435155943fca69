;;; The process to send to may be named, or be that of a buffer.  -*- lexical-binding: t -*-

(setq s (server) b (get-buffer-create "b") c (client s :buffer b))
(call (process-send-string b "1") (process-send-string "b" "2") (with-current-buffer b (process-send-string nil "3"))
      (with-temp-buffer (process-send-string nil "4")) (process-send-string "none" "5") (process-send-string 5 "6") (process-send-string c 7))
(until-got (until-accepted) "123")
