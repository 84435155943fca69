;;; Deleted before it opens, a client hears only that.  -*- lexical-binding: t -*-

;; By address: Emacs may hang when it gives up a lookup.
(setq s (server :log #'ignore :sentinel #'ignore) c (client s :nowait t :remote (process-contact s :local)))
(call (delete-process c) (state c))
(settle)
