//! Socket addresses as Lisp, as bytes, as std types and as text.
