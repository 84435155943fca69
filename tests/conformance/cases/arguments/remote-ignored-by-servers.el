;;; Stream servers do not look at a remote address, however malformed.  -*- lexical-binding: t -*-

(call (process-status (server :remote 'junk)))
