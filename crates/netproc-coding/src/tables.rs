//! Facts about character sets.

pub(crate) mod pairs;
pub(crate) mod single_byte;
