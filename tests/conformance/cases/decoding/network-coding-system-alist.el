;;; The list of codings by service goes by numbers, names or functions.  -*- lexical-binding: t -*-

(setq s (server :log #'pair-log :sentinel #'ignore))
(defun choose (arguments) (note "asked" arguments) 'koi8-r-unix)
(each entry (list (cons (port s) 'koi8-r-unix) (cons (port s) '(koi8-r-unix . latin-1-unix)) (cons (number-to-string (port s)) 'koi8-r-unix))
  (let ((network-coding-system-alist (list entry))) (process-coding-system (client s))))
(let ((network-coding-system-alist (list (cons (port s) 'choose))))
  (call (process-coding-system (client s)) (process-coding-system (client s :remote (process-contact s :local)))))
