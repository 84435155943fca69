;;; The last coding used is remembered.  -*- lexical-binding: t -*-

(setq ends (pair :coding 'undecided) c (car ends) k (cadr ends) last-coding-system-used nil)
(feed k "caf\351\r\n" c)
(call last-coding-system-used)
