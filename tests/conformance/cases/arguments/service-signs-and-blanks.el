;;; Emacs reads signs and blanks before the digits of a port; they are refused here.  -*- lexical-binding: t -*-

(each service '("+0" " 0" "-0" "") (process-status (make-network-process :name "s" :server t :service service)))
