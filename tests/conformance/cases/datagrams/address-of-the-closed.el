;;; What has ended has no datagram address, and the contact keeps the last.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(set-process-datagram-address s [127 0 0 1 9])
(process-contact s :remote)
(delete-process s)
(call (process-datagram-address s) (set-process-datagram-address s [127 0 0 1 9]) (process-contact s :remote))
