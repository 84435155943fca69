;;; A list of one element has no name.  -*- lexical-binding: t -*-

(call (make-network-process :name) (make-network-process "a"))
