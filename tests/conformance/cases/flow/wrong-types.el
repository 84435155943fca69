;;; Only processes can be stopped and continued.  -*- lexical-binding: t -*-

(call (stop-process 5) (continue-process 5) (stop-process "none") (with-temp-buffer (stop-process)))
