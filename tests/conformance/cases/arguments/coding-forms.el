;;; One coding serves both ways, a pair serves each; halves may be nil.  -*- lexical-binding: t -*-

(each coding '(utf-8 (utf-8) (nil . utf-8) (nil . nil) nil (utf-8 . latin-1))
  (let ((s (make-network-process :name "s" :server t :service t :coding coding)))
    (prog1 (list (process-coding-system s) (process-contact s :coding)) (delete-process s))))
