;;; A stopped process that is sent to after its end hears of that.  -*- lexical-binding: t -*-

(setq s (server) c (client s) k (until-accepted))
(stop-process k)
(delete-process c)
(call (process-send-string k "one") (process-send-string k "two"))
(until-heard k "broken")
(call (state k))
