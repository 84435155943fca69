//! Lisp data: values, text, reader, printer, property lists.
