;;; A buffer is a buffer, a name that is not empty, or nil.  -*- lexical-binding: t -*-

(each buffer '(foo 5 "" (b)) (make-network-process :name "s" :server t :service t :buffer buffer))
(call (process-list))
