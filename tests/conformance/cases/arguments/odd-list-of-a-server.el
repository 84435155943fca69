;;; A keyword without a value crashes Emacs when a server is made.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :service t :server t :coding))
