;;; How many arguments the functions take.  -*- lexical-binding: t -*-

(each function '(make-network-process process-contact accept-process-output set-network-process-option delete-process format-network-address network-interface-list network-interface-info
                 network-lookup-address-info process-send-eof process-send-string process-send-region stop-process continue-process set-process-coding-system set-process-filter process-datagram-address
                 set-process-datagram-address process-status process-exit-status get-process get-buffer-process process-list set-process-buffer gnutls-peer-status)
  (func-arity function))
