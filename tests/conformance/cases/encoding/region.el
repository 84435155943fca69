;;; A region of a unibyte buffer is bytes.  -*- lexical-binding: t -*-

(setq ends (pair :coding 'latin-1-dos) c (car ends) k (cadr ends))
(with-temp-buffer (insert "hé\n") (process-send-region c 1 4))
(until-got k "\r\n")
(with-temp-buffer (set-buffer-multibyte nil) (insert "\351\n") (process-send-region c 1 3))
(until-got k "\351\r\n")
