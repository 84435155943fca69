;;; The type is looked at before the name.  -*- lexical-binding: t -*-

(call (make-network-process :type 'foo) (make-network-process :type 'foo :server t :nowait t))
