;;; A family that is no number is an error of the format.  -*- lexical-binding: t -*-

(call (format-network-address '(x)))
