;;; The arguments of a local connection that fails have lost their host.  -*- lexical-binding: t -*-

(call (make-network-process :name "c" :host "localhost" :family 'local :service (place "missing")))
(call (make-network-process :name "c" :family 'local :service (place "missing")))
