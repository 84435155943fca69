;;; A server with :reuseaddr nil differs from one without it only in the contact here.  -*- lexical-binding: t -*-

(call (process-contact (setq s (server :reuseaddr nil)) :reuseaddr) (process-status s) (plist-member (process-contact (server :name "t") t) :reuseaddr))
