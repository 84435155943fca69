;;; A filter set to bytes gets raw text from then on.  -*- lexical-binding: t -*-

(setq ends (pair :coding 'utf-8-dos :filter #'on-chunk) c (car ends) k (cadr ends))
(call (process-filter-multibyte-p c) (set-process-filter-multibyte c nil) (process-coding-system c) (process-filter-multibyte-p c) (feed k "a\303\251\r\n" c)
      (set-process-filter-multibyte c t) (process-coding-system c) (process-filter-multibyte-p c) (process-filter-multibyte-p 5) (set-process-filter-multibyte nil t))
