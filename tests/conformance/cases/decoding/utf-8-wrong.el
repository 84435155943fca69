;;; Bytes that are no UTF-8 are kept as bytes.  -*- lexical-binding: t -*-

(decode '(:coding utf-8-unix) "\377\376a\n" "\300\200\n" "\355\240\200\n" "\340\200\257\n")
