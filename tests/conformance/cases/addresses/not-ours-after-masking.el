;;; An address that is another machine's after masking.  -*- lexical-binding: t -*-

(call (make-network-process :name "s" :server t :local [300 0 0 1 0]))
