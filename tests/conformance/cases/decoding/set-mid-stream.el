;;; Another coding begins with the next piece, and takes over what was incomplete.  -*- lexical-binding: t -*-

(setq ends (pair :coding 'utf-8-unix :filter #'on-chunk) c (car ends) k (cadr ends))
(call (feed k "\344\270" c) (set-process-coding-system c 'latin-1-unix 'koi8-r-dos) (feed k "\255\351" c) (process-coding-system c)
      (set-process-coding-system c 'utf-8-unix) (process-coding-system c) (feed k "\303\251" c) (set-process-coding-system c) (process-coding-system c) (feed k "\303\251\r\n" c) (process-coding-system c))
