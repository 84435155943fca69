;;; Only processes have a contact.  -*- lexical-binding: t -*-

(each value '(nil "s" 5 foo) (process-contact value) (process-contact value t))
