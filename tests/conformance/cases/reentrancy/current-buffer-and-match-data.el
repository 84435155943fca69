;;; Callbacks leave the current buffer and the match data as they were.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (p string) (note "filter" (current-buffer) inhibit-quit) (set-buffer (get-buffer-create "elsewhere")) (string-match "t\\(a\\)" string) (on-text p string))))
(peer 'accept) (peer 'send "data")
(with-current-buffer (get-buffer-create "mine")
  (string-match "b\\(b\\)" "abba")
  (until-got c "data")
  (call (current-buffer) (match-data)))
