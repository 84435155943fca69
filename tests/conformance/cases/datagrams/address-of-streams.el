;;; Streams have no datagram address.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (process-datagram-address s) (process-datagram-address c) (set-process-datagram-address c [127 0 0 1 9]))
