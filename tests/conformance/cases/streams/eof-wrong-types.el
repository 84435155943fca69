;;; The end is sent to processes, by name too.  -*- lexical-binding: t -*-

(call (process-send-eof 5) (process-send-eof "none") (with-temp-buffer (process-send-eof)))
