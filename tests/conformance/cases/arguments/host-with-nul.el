;;; Emacs cuts a host at a NUL; it is refused here.  -*- lexical-binding: t -*-

(call (process-status (make-network-process :name "s" :server t :host "127.0.0.1\0junk" :service t)))
