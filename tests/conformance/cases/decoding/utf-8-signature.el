;;; A byte order mark is a character unless the coding has one.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "\357\273\277abc\n" "\357\273\277d\n")
(decode '(:coding utf-8-with-signature-unix) "\357\273\277abc\n" "\357\273\277d\n")
(decode '(:coding utf-8-auto-unix) "\357\273\277abc\n")
