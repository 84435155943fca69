;;; A host given with the family local is dropped with a message.  -*- lexical-binding: t -*-

(call (setq s (make-network-process :name "s" :server t :family 'local :host "localhost" :service (place "s"))) (process-contact s t))
(messages)
(call (process-contact (make-network-process :name "t" :server t :family 'local :host 'local :service (place "t")) t))
(messages)
