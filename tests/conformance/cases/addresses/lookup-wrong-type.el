;;; A name that is no string crashes Emacs.  -*- lexical-binding: t -*-

(call (network-lookup-address-info 5))
