;;; TLS parameters that are no list are refused.  -*- lexical-binding: t -*-

(setq s (server))
(each parameters '(foo 5 "x") (client s :tls-parameters parameters))
