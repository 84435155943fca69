;;; Wrong parameters of a server are its errors.  -*- lexical-binding: t -*-

(each parameters '(foo (foo)) (server :tls-parameters parameters))
