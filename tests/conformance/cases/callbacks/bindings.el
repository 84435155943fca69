;;; Quitting is inhibited in callbacks, and the rest is as outside.  -*- lexical-binding: t -*-

(setq p (peer 'listen) c (client p :filter (lambda (p string) (note "filter" inhibit-quit last-nonmenu-event deactivate-mark) (on-text p string)) :sentinel (lambda (p string) (note "sentinel" inhibit-quit last-nonmenu-event) (on-event p string))))
(peer 'accept) (peer 'send "one") (peer 'close)
(until-heard c "broken")
