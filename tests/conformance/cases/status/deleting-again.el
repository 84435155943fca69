;;; Deleting an ended process again calls no sentinel, and makes its exit status 0.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept) (peer 'close)
(until-heard c "broken")
(call (state c) (delete-process c) (state c) (delete-process c))
