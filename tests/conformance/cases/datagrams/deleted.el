;;; The sentinel of a datagram process hears of its deletion.  -*- lexical-binding: t -*-

(setq s (server :type 'datagram))
(call (delete-process s) (state s))
