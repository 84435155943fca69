;;; Shifts of ISO 2022 are kept between pieces.  -*- lexical-binding: t -*-

(decode '(:coding iso-2022-jp-unix) "\e$B$3" "$" "s" "\e(" "Babc")
