;;; By address, Emacs shows the contact of a client before it is open.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :nowait t :remote (vector 127 0 0 1 p)))
(call (process-contact c :remote t) (process-contact c :name t))
(until-heard c "open")
