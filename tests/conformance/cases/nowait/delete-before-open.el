;;; Deleted before it opens, a client hears only that.  -*- lexical-binding: t -*-

(setq s (server :log #'ignore :sentinel #'ignore) c (client s :nowait t))
(call (delete-process c) (state c))
(settle)
