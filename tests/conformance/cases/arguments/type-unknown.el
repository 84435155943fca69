;;; Every type but nil, datagram and seqpacket is refused, stream included.  -*- lexical-binding: t -*-

(each type '(foo stream "datagram" t 5 (datagram)) (server :type type))
