;;; The key chooses host and service, one value, or the whole list.  -*- lexical-binding: t -*-

(setq s (server) c (client s))
(call (process-contact c) (process-contact c nil) (process-contact c t) (process-contact c :host) (process-contact c :service)
      (process-contact c :none) (process-contact c 'host) (process-contact c 5) (process-contact c "x")
      (process-contact s) (process-contact s t))
