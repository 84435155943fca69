;;; Every line feed becomes two characters, after a carriage return too.  -*- lexical-binding: t -*-

(encode 'utf-8-dos "é\nb\r\nc\r" "\n")
