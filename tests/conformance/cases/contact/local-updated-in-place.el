;;; An address or service that was given is replaced where it stood.  -*- lexical-binding: t -*-

(call (process-contact (make-network-process :local [127 0 0 1 0] :name "s" :server t) t)
      (process-contact (make-network-process :service t :name "s" :server t :local nil :remote nil) t))
