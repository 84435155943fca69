;;; Local sockets and datagrams take options too.  -*- lexical-binding: t -*-

(setq u (server :name "u" :family 'local :service (place "u")) d (server :name "d" :type 'datagram))
(call (set-network-process-option u :keepalive t) (set-network-process-option d :broadcast t) (process-contact u :keepalive) (process-contact d :broadcast))
