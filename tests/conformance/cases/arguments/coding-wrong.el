;;; A coding is a symbol that names a coding system, or a pair of such.  -*- lexical-binding: t -*-

(each coding '(nosuch "utf-8" 5 (utf-8 . nosuch) (nosuch . utf-8) (utf-8 nil) t)
  (make-network-process :name "s" :server t :service t :coding coding))
(call (process-list))
