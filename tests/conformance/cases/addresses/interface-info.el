;;; What is known of an interface.  -*- lexical-binding: t -*-

(call (let ((info (network-interface-info "lo"))) (list (nth 0 info) (nth 2 info) (car (nth 3 info)) (and (memq 'up (nth 4 info)) t) (and (memq 'loopback (nth 4 info)) t))))
(each name '("nosuch0" "" "exactly16chars01" "averylonginterfacename" nil 5 lo) (network-interface-info name))
