//! As much of Emacs Lisp as the cases are written in: a machine with values of `netproc-lisp`.
//!
//! Values do not change here, so lists are not changed in place; what Lisp programs do with that
//! they do with what the functions return, and the cases keep to it.

mod backquote;
mod coding;
mod eval;
mod exit;
mod forms;
mod function;
mod machine;
mod places;
pub(crate) mod print;
pub(crate) mod regexp;
#[cfg(test)]
mod tests;

pub(crate) use coding::coding_system;
pub(crate) use eval::Env;
pub(crate) use exit::{Answer, Exit};
pub(crate) use function::{Primitive, many, one_of};
pub(crate) use machine::{Machine, with_room};
