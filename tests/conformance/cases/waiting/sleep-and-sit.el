;;; Other ways to wait deliver too.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(process-send-string c "one")
(while (not connections) (sleep-for 0.05))
(setq k (car connections))
(while (not (equal (got k) "one")) (sleep-for 0.05))
(process-send-string c "two")
(while (not (equal (got k) "onetwo")) (sit-for 0.05))
