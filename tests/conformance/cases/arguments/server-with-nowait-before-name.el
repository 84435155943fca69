;;; That a server does not wait is looked at before the name.  -*- lexical-binding: t -*-

(call (make-network-process :server t :nowait t :service t))
