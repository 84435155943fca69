;;; A process made while the current buffer is unibyte has no encoder.  -*- lexical-binding: t -*-

(with-temp-buffer (set-buffer-multibyte nil) (decode nil "\303\251"))
