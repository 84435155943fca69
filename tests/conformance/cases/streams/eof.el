;;; After the end was sent the peer sees it, reading goes on, and later sends go nowhere.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p))
(peer 'accept)
(call (process-send-string c "question") (process-send-eof c) (state c) (process-send-string c "more") (process-send-eof c)
      (peer 'receive_all) (peer 'send "answer") (peer 'close))
(until-heard c "broken")
