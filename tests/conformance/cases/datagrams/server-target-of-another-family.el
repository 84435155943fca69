;;; A remote address of another family is ignored by a server.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram :remote [0 0 0 0 0 0 0 1 9]))
(call (process-datagram-address s))
