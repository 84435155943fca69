;;; A log function of nil is none, and is kept.  -*- lexical-binding: t -*-

(setq s (server :log nil))
(call (process-contact s :log) (plist-member (process-contact s t) :log))
