//! The cases of `tests/conformance` without Emacs: a small Lisp machine evaluates them over the
//! engine, and what they record must be what stock Emacs recorded.

mod case;
mod functions;
mod lisp;
mod named;
mod topics;
