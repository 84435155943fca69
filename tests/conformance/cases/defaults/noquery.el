;;; Any value of :noquery but nil clears the query flag.  -*- lexical-binding: t -*-

(each value '(nil t 0 no)
  (process-query-on-exit-flag (make-network-process :name "s" :server t :service t :noquery value)))
