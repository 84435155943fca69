;;; The shift state is kept between sends.  -*- lexical-binding: t -*-

(encode 'iso-2022-jp "こ" "ん" "\nx é")
