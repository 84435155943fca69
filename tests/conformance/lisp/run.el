;;; Loads the library; the runner then calls `transcript-run'.  -*- lexical-binding: t -*-

(dolist (part '("transcript" "peer" "processes" "sequences"))
  (load (expand-file-name (concat part ".el") (file-name-directory load-file-name)) nil t t))
