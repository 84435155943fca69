;;; Without arguments nothing is made and nil is returned.  -*- lexical-binding: t -*-

(call (make-network-process) (process-list))
