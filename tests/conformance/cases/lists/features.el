;;; What can be asked of the build.  -*- lexical-binding: t -*-

(each feature '((:nowait t) (:type datagram) (:type seqpacket) (:type stream) (:family local) (:family ipv4) (:family ipv6) (:service t) (:server t) (:server 5) (:tls-parameters t)
               :bindtodevice :broadcast :dontroute :keepalive :linger :oobinline :priority :reuseaddr :coding :use-external-socket :foo)
  (featurep 'make-network-process feature))
