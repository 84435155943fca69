;;; A buffer that becomes unibyte gets bytes from then on.  -*- lexical-binding: t -*-

(setq p (peer 'listen) b (generate-new-buffer "b") c (make-network-process :name "c" :host "127.0.0.1" :service p :buffer b))
(with-current-buffer b (set-buffer-multibyte nil))
(peer 'accept) (peer 'send (unibyte-string 195 169))
(call (process-filter-multibyte-p c) (accept-process-output c 5) (with-current-buffer b (buffer-string)) (process-coding-system c))
