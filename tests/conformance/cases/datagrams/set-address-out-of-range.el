;;; Emacs masks what does not fit.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(call (set-process-datagram-address s [300 -1 1 1 65545]) (process-datagram-address s))
